import Foundation
import Testing

/// The picli that was built with these tests, run as a person or a script would run it.
enum Binary {
    /// Beside the test program, where the build puts every product.
    static let path: String = {
        let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let real = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? tests.path
        return [tests.path, real]
            .map { URL(filePath: $0).deletingLastPathComponent().appending(path: "picli").path }
            .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "picli"
    }()

    struct Result: CustomStringConvertible {
        let status: Int32
        let output: String
        let error: String

        var description: String { "exit \(status)\n--- stdout\n\(output)--- stderr\n\(error)" }

        /// The JSON object on the last line of standard error.
        var failure: [String: Any]? {
            guard let line = error.split(separator: "\n").last,
                let document = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            else { return nil }
            return document["error"] as? [String: Any]
        }
    }

    /// A clean environment: nothing of the machine that runs the tests shows in the answers.
    static func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) async throws -> Result {
        try await run(path, arguments, input: Data(input.utf8), environment: environment)
    }

    /// Runs any program; its output goes through files, so that no pipe can fill up and hold it.
    static func run(
        _ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]
    ) async throws -> Result {
        let folder = try Folder()
        let input = try folder.write("input", input)
        let output = try folder.write("output", Data())
        let error = try folder.write("error", Data())
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "PICLI": path].merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Result(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
    }

    /// Runs a line of bash in which `$PICLI` is the binary.
    static func shell(_ line: String, environment: [String: String] = [:]) async throws -> Result {
        try await run("/bin/bash", ["-c", line], environment: environment)
    }
}

/// A folder of a test, gone with it.
final class Folder: Sendable {
    let url: URL

    var path: String { url.path }

    init() throws {
        // Short: the path of a Unix socket has at most 107 bytes.
        url = URL(filePath: "/tmp/picli-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    @discardableResult
    func write(_ name: String, _ content: Data) throws -> URL {
        let file = url.appending(path: name)
        try content.write(to: file)
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Data(text.utf8)).path
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// Answers that were looked at and found good; a difference is a change of a contract.
enum Golden {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ name: String) throws -> String {
        try String(contentsOf: tests.appending(path: "Golden/\(name)"), encoding: .utf8)
    }

    /// Compares; what differs is left in `.build/golden`, to be looked at and copied when it is the better answer.
    static func matches(_ text: String, _ name: String) throws -> Bool {
        if text == (try? Self.text(name)) { return true }
        let folder = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/golden")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appending(path: name))
        return false
    }
}
