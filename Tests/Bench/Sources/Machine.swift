import Foundation
public import Testing

/// The machine that `make bench-vm` builds: kernel, disks, frozen state.
struct Machine: Sendable {
    let folder: URL

    var state: URL { folder.appending(path: "ready.state") }
    var key: URL { folder.appending(path: "ssh-key") }

    /// `Tests/Bench/machine`, where the scripts are.
    static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "machine")

    static func script(_ name: String) -> String { scripts.appending(path: name).path }

    /// Why the bench cannot run here; nil when it can.
    static let missing: String? = {
        for tool in ["qemu-system-x86_64", "qemu-img", "setpriv", "ssh", "curl"] where !isInPath(tool) {
            return "the bench needs \(tool): apt-get install $(cat Tests/Bench/machine/host.packages)"
        }
        guard FileManager.default.fileExists(atPath: here.state.path) else {
            return "the bench's machine is not built: run make bench-vm"
        }
        return nil
    }()

    /// The machine of the present scripts, built or not.
    static let here = Machine(folder: URL(fileURLWithPath: output(of: script("build"), "--where")))

    /// The built `picli` as a folder that a machine can mount.
    static let program: String = output(of: script("program"), product.path)

    /// `picli` beside the test bundle, or the one that `PICLI_BENCH_PRODUCT` names.
    private static let product: URL = {
        if let named = ProcessInfo.processInfo.environment["PICLI_BENCH_PRODUCT"] { return URL(fileURLWithPath: named) }
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let folder = (bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appending(path: "picli")
    }()

    private static func isInPath(_ tool: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { access("\($0)/\(tool)", X_OK) == 0 }
    }

    /// The first line that a script prints; it is asked once, before any machine runs.
    private static func output(of program: String, _ arguments: String...) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return "/nonexistent" }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where the bench can run and is skipped with the reason elsewhere; where `CI` is `true`, it runs and fails.
    public static var bench: Self {
        let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"
        return .enabled(
            if: Machine.missing == nil || isContinuousIntegration, Comment(rawValue: Machine.missing ?? "the bench"))
    }
}
