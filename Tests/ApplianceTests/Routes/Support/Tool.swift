import Foundation
import Testing

/// A program of another package that a test needs.
///
/// In CI it has to be there; elsewhere the test is skipped with a
/// reason.
struct Tool: Sendable {
    let path: String
    let package: String

    static let promtool = Tool(path: "/usr/bin/promtool", package: "prometheus")
    static let prometheus = Tool(path: "/usr/bin/prometheus", package: "prometheus")

    /// True in CI even if it is missing: then the test fails, as it should.
    var isUsable: Bool {
        FileManager.default.isExecutableFile(atPath: path) || ProcessInfo.processInfo.environment["CI"] != nil
    }

    var reason: Comment { "\(path) is missing: apt-get install \(package)" }

    /// Runs it with the input on its standard input; its exit status and all that it said.
    func run(_ arguments: [String], input: String) async throws -> (Int32, String) {
        let (stdin, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = stdin
        process.standardOutput = output
        process.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                do {
                    try process.run()
                    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                    try stdin.fileHandleForWriting.close()
                    let said = try output.fileHandleForReading.readToEnd() ?? Data()
                    process.waitUntilExit()
                    continuation.resume(
                        returning: (process.terminationStatus, String(decoding: said, as: UTF8.self)))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// The body of a GET on loopback; nil when nobody answers.
    static func curl(_ url: String) async -> String? {
        let tool = Tool(path: "/usr/bin/curl", package: "curl")
        let answer = try? await tool.run(["-s", "-m", "5", "-g", url], input: "")
        return answer.flatMap { $0.0 == 0 ? $0.1 : nil }
    }
}
