import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Site
import Testing

/// A real `picli serve` of the build under test, in a folder of its own, on a free loopback port.
///
/// Everything it starts is stopped by pid and everything it writes is removed when `withUnit` returns.
final class Unit {
    let folder: URL
    let state: URL
    let port: Int
    private(set) var process = Process()
    private(set) var log: URL

    private init(folder: URL) throws {
        self.folder = folder
        state = folder.appending(path: "state")
        log = folder.appending(path: "serve.log")
        port = try Self.freePort()
    }

    /// Runs `body` with a unit that is not started yet.
    static func with(_ body: (Unit) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picli-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let unit = try Unit(folder: folder)
        defer { unit.kill() }
        try await body(unit)
    }

    /// The executable that `swift build` put beside the test bundle.
    static let picli: URL = {
        let products = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
            .map { $0.deletingLastPathComponent() }
        let folder = products ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return folder.appending(path: "picli")
    }()

    var address: String { "http://127.0.0.1:\(port)" }
    var arguments: [String] { ["--state", state.path, "--listen", "127.0.0.1:\(port)"] }

    func write(site text: String) throws -> URL {
        let file = folder.appending(path: "site.yaml")
        try Data(text.utf8).write(to: file)
        return file
    }

    /// Starts `serve` and returns at once.
    func launch(_ extra: [String]) throws {
        process = Process()
        process.executableURL = Self.picli
        process.arguments = ["serve"] + arguments + extra
        process.standardInput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// Starts `serve` and returns when it answers.
    func start(_ extra: [String], within limit: Duration = .seconds(15)) async throws {
        try launch(extra)
        try await eventually("serve answers", within: limit) {
            guard self.process.isRunning else { throw Ended(log: self.logText) }
            return (try? await self.get("/healthz").status) == .ok
        }
    }

    /// Asks it to end, and returns how long that took and its exit status.
    func stop(within limit: Duration = .seconds(15)) async throws -> (after: Duration, status: Int32) {
        let start = ContinuousClock.now
        process.terminate()
        try await eventually("serve ends", within: limit, poll: .milliseconds(5)) { !self.process.isRunning }
        return (ContinuousClock.now - start, process.terminationStatus)
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    struct Answer {
        let status: HTTPResponseStatus
        let body: Data

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: body)
        }
    }

    func get(_ path: String) async throws -> Answer {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: address + path), timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 64 << 20)
        return Answer(status: response.status, body: Data(body.readableBytesView))
    }

    func latest() async throws -> [Reading] { try await get("/api/v1/latest").decode(LatestDocument.self).readings }

    func events() async throws -> [RecordedEvent] {
        try await get("/api/v1/events").decode(EventsDocument.self).events
    }

    struct Ended: Error, CustomStringConvertible {
        let log: String
        var description: String { "serve ended early:\n\(log)" }
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(bound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// A finished run of the command.
struct Run {
    let status: Int32
    let output: String
    let error: String

    /// Runs `picli` to its end.
    static func picli(_ arguments: [String]) async throws -> Run { try await program(Unit.picli, arguments) }

    /// Runs a program to its end.
    ///
    /// - Parameter environment: What it gets besides that of the tests.
    static func program(
        _ file: URL, _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil
    ) async throws -> Run {
        let process = Process()
        process.executableURL = file
        process.arguments = arguments
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        if let folder { process.currentDirectoryURL = folder }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let error = Pipe()
        process.standardOutput = output
        process.standardError = error
        try process.run()
        async let errorText = Self.text(of: error)
        let outputText = await Self.text(of: output)
        process.waitUntilExit()
        return Run(status: process.terminationStatus, output: outputText, error: await errorText)
    }

    @concurrent
    private static func text(of pipe: Pipe) async -> String {
        String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}

struct NotInTime: Error, CustomStringConvertible {
    let what: String
    var description: String { "not in time: \(what)" }
}

/// Polls until the condition holds; for outside processes, which cannot be awaited.
func eventually(
    _ what: String, within limit: Duration = .seconds(15), poll: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: poll)
    }
    throw NotInTime(what: what)
}
