import Foundation
import Testing

@Suite("picli config")
struct ConfigCommandTests {
    private let good = "site: { name: Trailer 42 }\n"
    private let bad = "site: { name: Trailer 42 }\nsensros: []\n"

    @Test("a good file is told so, and exits with 0", arguments: ["site.yaml", "-"])
    func good(name: String) async throws {
        let folder = try Folder()
        let path = try folder.write("site.yaml", good)
        let result = try await Binary.run("config", "check", name == "-" ? "-" : path, input: good)
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(result.error == "\(name == "-" ? "standard input" : path) is good.\n")
    }

    @Test("every fault has its place, then one sentence, then exit code 64")
    func faults() async throws {
        let folder = try Folder()
        let path = try folder.write("site.yaml", bad)
        let result = try await Binary.run("config", "check", path)
        #expect(result.status == 64)
        #expect(result.output.hasPrefix("\(path):2:1: error: "))
        #expect(result.output.contains("did you mean 'sensors'?"))
        #expect(result.error == "error: \(path) cannot be used: 1 error.\nTry: correct what is listed above\n")
    }

    @Test("under --json the faults are a document, and the failure an object")
    func json() async throws {
        let result = try await Binary.run("config", "check", "-", "--json", input: bad)
        #expect(result.status == 64)
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(document?["schema"] as? Int == 1)
        #expect(document?["valid"] as? Bool == false)
        let diagnostics = try #require(document?["diagnostics"] as? [[String: Any]])
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?["severity"] as? String == "error")
        #expect(diagnostics.first?["line"] as? Int == 2)
        #expect(diagnostics.first?["column"] as? Int == 1)
        #expect(result.failure?["code"] as? String == "site.invalid")
        #expect(result.failure?["status"] as? Int == 64)
    }

    @Test(
        "what cannot be read is said in a sentence",
        arguments: [
            ("/nonexistent/site.yaml", "input.missing", "There is no file /nonexistent/site.yaml."),
            ("/dev", "input.directory", "/dev is a directory."),
            ("/dev/zero", "input.tooLarge", "/dev/zero is larger than 1024 KiB: that is no site file."),
            ("/etc/passwd/site.yaml", "input.missing", "There is no file /etc/passwd/site.yaml."),
        ], ["check", "show"])
    func unreadable(file: (path: String, code: String, message: String), verb: String) async throws {
        let result = try await Binary.run("config", verb, file.path, "--json")
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.failure?["code"] as? String == file.code)
        #expect(result.failure?["message"] as? String == file.message)
    }

    @Test("bytes that are no text are told so")
    func encoding() async throws {
        let folder = try Folder()
        let path = try folder.write("latin1.yaml", Data("site: {name: M".utf8) + [0xFC] + Data("nchen}".utf8)).path
        let result = try await Binary.run("config", "check", path, "--json")
        #expect(result.status == 64)
        #expect(result.failure?["code"] as? String == "input.encoding")
    }

    @Test("show prints the file with every default, and reads its own answer")
    func show() async throws {
        let first = try await Binary.run("config", "show", "-", input: good)
        #expect(first.status == 0, "\(first)")
        #expect(first.output.hasPrefix("site:\n  name: \"Trailer 42\"\n"))
        #expect(first.output.contains("window: 1m"))
        let second = try await Binary.run("config", "show", "-", input: first.output)
        #expect(second.output == first.output)
        let json = try await Binary.run("config", "show", "-", "--json", input: good)
        let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(document?["schema"] as? Int == 1)
        let site = (document?["config"] as? [String: Any])?["site"] as? [String: Any]
        #expect(site?["name"] as? String == "Trailer 42")
    }

    @Test("show of a bad file tells what is bad, on standard error")
    func showBad() async throws {
        let result = try await Binary.run("config", "show", "-", input: bad)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.error.hasPrefix("standard input:2:1: error: "))
        #expect(result.error.hasSuffix("Try: correct what is listed above\n"))
    }

    @Test("schema is a JSON Schema")
    func schema() async throws {
        let result = try await Binary.run("config", "schema")
        #expect(result.status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }

    @Test("the example of this repository is good")
    func example() async throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/trailer.yaml").path
        let result = try await Binary.run("config", "check", path)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.isEmpty, "\(result)")
    }
}
