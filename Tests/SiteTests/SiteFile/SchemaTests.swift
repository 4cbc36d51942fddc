import Foundation
import Site
import Testing

@Suite("The JSON Schema")
struct SchemaTests {
    @Test("it is JSON, names its draft, and gives every property a description and a data class")
    func complete() throws {
        let schema = try JSONSerialization.jsonObject(with: Data(SiteFile.schema().utf8))
        let root = try #require(schema as? [String: Any])
        #expect(root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = SchemaWalk.properties(root)
        #expect(properties.count > 120)
        for (path, property) in properties {
            #expect(property["description"] as? String != nil, "\(path)")
            #expect(["plain", "personal", "secret"].contains(property["x-picli-class"] as? String), "\(path)")
        }
    }

    @Test(
        "what could identify somebody or give access is marked",
        arguments: [
            ("site.name", "personal"), ("site.latitude", "personal"), ("network.router.address", "personal"),
            ("network.camera.address", "personal"), ("notify", "secret"), ("mail.from", "personal"),
            ("uplink.broker", "personal"), ("sensors.address", "plain"), ("relays.line", "plain"),
        ])
    func classes(path: String, dataClass: String) throws {
        let schema = try JSONSerialization.jsonObject(with: Data(SiteFile.schema().utf8))
        let properties = SchemaWalk.properties(try #require(schema as? [String: Any]))
        let found = properties.filter { $0.path == path }
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.property["x-picli-class"] as? String == dataClass })
    }

    @Test("an independent validator agrees about the whole corpus", .enabled(if: SchemaWalk.hasValidator))
    func corpus() throws {
        let verdicts = try SchemaWalk.validate(Corpus.good + Corpus.bad)
        for file in Corpus.good {
            let verdict = try #require(verdicts[file.url.path])
            #expect(verdict.core.isEmpty, "\(file.name), YAML 1.2: \(verdict.core)")
            #expect(verdict.v11.isEmpty, "\(file.name), YAML 1.1: \(verdict.v11)")
        }
        for file in Corpus.bad {
            let sidecar = file.url.deletingPathExtension().appendingPathExtension("expected")
            guard try String(contentsOf: sidecar, encoding: .utf8).hasPrefix("structural") else { continue }
            let verdict = try #require(verdicts[file.url.path])
            #expect(!verdict.core.isEmpty, "\(file.name) passes the schema under YAML 1.2")
            #expect(!verdict.core.contains { $0.hasPrefix("not YAML") }, "\(file.name): \(verdict.core)")
        }
    }

    @Test("the canonical text of every good file passes it too", .enabled(if: SchemaWalk.hasValidator))
    func canonical() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "picli-canonical-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        var files: [Corpus.File] = []
        for file in Corpus.good {
            let site = try #require(SiteFile.parse(bytes: file.bytes, file: file.name).value)
            let url = directory.appending(path: file.url.lastPathComponent)
            try site.canonical().write(to: url, atomically: true, encoding: .utf8)
            files.append(.init(name: file.name, url: url))
        }
        for (file, verdict) in try SchemaWalk.validate(files) {
            #expect(verdict.core.isEmpty && verdict.v11.isEmpty, "\(file): \(verdict)")
        }
    }

    @Test("the reference for people names every key, and every word of a closed list")
    func reference() throws {
        let text = try String(contentsOf: Corpus.repository.appending(path: "docs/site-file.md"), encoding: .utf8)
        let schema = try JSONSerialization.jsonObject(with: Data(SiteFile.schema().utf8))
        for (path, property) in SchemaWalk.properties(try #require(schema as? [String: Any])) {
            let key = path.split(separator: ".").last.map(String.init) ?? ""
            #expect(text.contains("`\(key)`"), "\(path) is not in docs/site-file.md")
            for word in property["enum"] as? [Any] ?? [] {
                if let word = word as? String { #expect(text.contains(word), "\(path): \(word)") }
            }
        }
    }

    @Test("each example of the reference is a site file that works")
    func examples() throws {
        let text = try String(contentsOf: Corpus.repository.appending(path: "docs/site-file.md"), encoding: .utf8)
        let blocks = text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count >= 2)
        for block in blocks {
            let result = SiteFile.parse(block, file: "docs/site-file.md")
            #expect(result.errors.isEmpty, "\(result.errors.map(\.description))\n\(block)")
        }
    }
}

/// Reads a JSON Schema, and asks Python's jsonschema about files.
enum SchemaWalk {
    struct Verdict: Decodable {
        let file: String
        let core: [String]
        let v11: [String]
    }

    /// Every property with its path; lists and branches are passed through.
    static func properties(_ schema: [String: Any], _ path: String = "") -> [(path: String, property: [String: Any])] {
        var found: [(path: String, property: [String: Any])] = []
        for (name, value) in schema["properties"] as? [String: Any] ?? [:] {
            guard let property = value as? [String: Any], property["const"] == nil else { continue }
            let place = path.isEmpty ? name : "\(path).\(name)"
            found.append((place, property))
            found += properties(property, place)
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for branch in schema[key] as? [[String: Any]] ?? [] { found += properties(branch, path) }
        }
        for key in ["items", "then", "additionalProperties"] {
            if let inner = schema[key] as? [String: Any] { found += properties(inner, path) }
        }
        return found
    }

    static let hasValidator = (try? run(["-c", "import jsonschema, yaml; jsonschema.Draft202012Validator"])) != nil

    static func validate(_ files: [Corpus.File]) throws -> [String: Verdict] {
        let schema = FileManager.default.temporaryDirectory.appending(path: "picli-schema-\(UUID()).json")
        try SiteFile.schema().write(to: schema, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: schema) }
        let script = Corpus.directory.appending(path: "validate.py").path
        let output = try run([script, schema.path] + files.map(\.url.path))
        let verdicts = try output.split(separator: "\n").map {
            try JSONDecoder().decode(Verdict.self, from: Data($0.utf8))
        }
        return Dictionary(uniqueKeysWithValues: verdicts.map { ($0.file, $0) })
    }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return String(decoding: data, as: UTF8.self)
    }
}
