import Foundation
import Testing

/// Debian's rsyslogd with one configuration; stopped by pid.
final class Rsyslogd {
    static let program = URL(filePath: "/usr/sbin/rsyslogd")

    private let configuration: URL
    private var process = Process()

    /// - Parameter folder: Where it works, and where its configuration and its messages are.
    init(_ text: String, in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        configuration = folder.appending(path: "rsyslog.conf")
        try Data("global(workDirectory=\"\(folder.path)\")\n\(text)".utf8).write(to: configuration)
    }

    deinit { kill() }

    func start() throws {
        let pid = configuration.path + ".pid"
        try? FileManager.default.removeItem(atPath: pid)
        process = Process()
        process.executableURL = Self.program
        process.arguments = ["-n", "-f", configuration.path, "-i", pid]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// Debian's rsyslogd with the text that `picli host apply` makes, on a port of loopback.
final class SyslogServer {
    let port: Int
    private let daemon: Rsyslogd

    /// A unit that runs with such a server; `body` gets the arguments that it was started with, too.
    static func with(site text: String, _ body: (Unit, SyslogServer, [String]) async throws -> Void) async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: text)
            let spool = unit.state.appending(path: "log-spool")
            try FileManager.default.createDirectory(at: spool, withIntermediateDirectories: true)
            let server = try await SyslogServer(for: unit, site: site, spool: spool)
            defer { server.kill() }
            let arguments = ["--site", site.path]
            try server.start()
            try await unit.start(arguments)
            try await body(unit, server, arguments)
        }
    }

    /// - Parameters:
    ///   - site: The unit's site file.
    ///   - spool: Where the unit looks for lines.
    private init(for unit: Unit, site: URL, spool: URL) async throws {
        let folder = unit.folder
        port = try Unit.freePort()
        // A card on which rsyslog is installed.
        let root = folder.appending(path: "root")
        let program = root.appending(path: "usr/sbin/rsyslogd")
        try FileManager.default.createDirectory(
            at: program.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: root.appending(path: "etc"), withIntermediateDirectories: true)
        try Data().write(to: program)
        let applied = try await Run.picli(["host", "apply", "--site", site.path, "--root", root.path])
        try #require(applied.status == 0, "\(applied)")
        let text = try String(contentsOf: root.appending(path: "run/picli/rsyslog.conf"), encoding: .utf8)
            .replacing("port=\"514\"", with: "port=\"\(port)\" address=\"127.0.0.1\"")
            .replacing("/run/picli-logs", with: spool.path)
            .replacing("/var/lib/picli/identity", with: unit.state.appending(path: "identity").path)
        daemon = try Rsyslogd(text, in: folder.appending(path: "rsyslogd"))
    }

    func start() throws { try daemon.start() }

    func kill() { daemon.kill() }

    /// Sends bytes over a connection of their own, from an address of loopback.
    func send(_ bytes: [UInt8], over kind: Int32 = Int32(SOCK_STREAM.rawValue), from source: String) async throws {
        try await Self.send(bytes, over: kind, from: source, to: port)
    }

    static func send(
        _ bytes: [UInt8], over kind: Int32 = Int32(SOCK_STREAM.rawValue), from source: String, to port: Int
    ) async throws {
        try await eventually("rsyslogd takes a connection") {
            let descriptor = socket(AF_INET, kind, 0)
            defer { close(descriptor) }
            guard address(source, 0, { bind(descriptor, $0, $1) }) == 0,
                address("127.0.0.1", port, { connect(descriptor, $0, $1) }) == 0
            else { return false }
            return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }
    }

    private static func address(
        _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
