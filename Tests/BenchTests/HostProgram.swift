import Foundation
import TestSupport

/// Programs of the machine that runs the tests.
enum HostProgram {
    struct Run {
        let status: Int32
        let output: String
    }

    /// The built one, or what `PICLI_BENCH_PRODUCT` names.
    static let picli: String = {
        if let named = ProcessInfo.processInfo.environment["PICLI_BENCH_PRODUCT"] { return named }
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let folder = (bundle ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appending(path: "picli").path
    }()

    /// Its output and complaints together.
    static func run(
        _ program: String, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
    ) throws -> Run {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.runWithSignalsOpen()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }
}
