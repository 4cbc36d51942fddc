import Foundation
import TestSupport

/// A program of another package, run to its end by a test.
enum ForeignProgram {
    struct Answer: Sendable, CustomStringConvertible {
        let status: Int32
        /// What it said on both of its outputs.
        let output: String
        var description: String { "exit \(status)\n\(output)" }
    }

    /// Runs it; input and output go through files, so that no pipe can fill up and hold it.
    ///
    /// - Parameters:
    ///   - folder: Its working directory; that of the test when nil.
    ///   - environment: Beside that of the test.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], in folder: URL? = nil,
        environment: [String: String] = [:]
    ) throws -> Answer {
        let files = TemporaryDirectory()
        let (said, given) = (URL(filePath: "\(files.path)/said"), URL(filePath: "\(files.path)/given"))
        try Data().write(to: said)
        try Data(input).write(to: given)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: given)
        let output = try FileHandle(forWritingTo: said)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return Answer(
            status: process.terminationStatus, output: String(decoding: try Data(contentsOf: said), as: UTF8.self))
    }
}
