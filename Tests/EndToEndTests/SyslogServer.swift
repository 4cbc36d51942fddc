import Foundation
import Glibc
import Testing

/// Debian's rsyslogd with one configuration; stopped by pid.
final class Rsyslogd {
    static let program = URL(filePath: "/usr/sbin/rsyslogd")

    private let configuration: URL
    private let messages: URL
    private var pid: pid_t = 0

    /// - Parameter folder: Where it works, and where its configuration and what it says of itself are.
    init(_ text: String, in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        configuration = folder.appending(path: "rsyslog.conf")
        messages = folder.appending(path: "messages")
        let all = """
            global(workDirectory="\(folder.path)" processInternalMessages="on")
            \(text)
            action(type="omfile" file="\(messages.path)")

            """
        try Data(all.utf8).write(to: configuration)
    }

    /// What it has said of itself so far.
    var said: String { (try? String(contentsOf: messages, encoding: .utf8)) ?? "" }

    deinit { kill() }

    /// With no signal blocked, as systemd starts it: `Process` blocks those by which its threads wake each other.
    func start() throws {
        let lock = configuration.path + ".pid"
        try? FileManager.default.removeItem(atPath: lock)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for stream in 0...2 as ClosedRange<Int32> {
            posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_RDWR, 0)
        }
        let texts = [Self.program.path, "-n", "-f", configuration.path, "-i", lock]
        let arguments: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        let failure = posix_spawn(&pid, Self.program.path, &files, &attributes, arguments, environ)
        try #require(failure == 0, "\(Self.program.path): \(String(cString: strerror(failure)))")
    }

    func kill() { end(by: SIGKILL) }

    /// As systemd does: it stores what waits.
    func stop() { end(by: SIGTERM) }

    private func end(by signal: Int32) {
        guard pid > 0 else { return }
        Glibc.kill(pid, signal)
        waitpid(pid, nil, 0)
        pid = 0
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

    func stop() { daemon.stop() }

    /// What rsyslogd has said of itself so far.
    var said: String { daemon.said }

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

    /// Whether something takes connections at a port.
    static func isListening(at port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return address("127.0.0.1", port, { connect(descriptor, $0, $1) }) == 0
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
