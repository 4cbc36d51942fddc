import Logging
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance

@Suite("Who may connect to a ControlByWeb box")
struct ControlByWebClientsTests {
    private func clients(
        _ allow: String, _ folder: TemporaryDirectory, logger: Logger = ControlByWebFixture.logger
    ) throws -> ControlByWebClients {
        let result = SiteFile.parse(
            "site: { name: A }\ncompatibility: { controlbyweb: { profile: x410, allow: [\(allow)] } }")
        let site = try #require(result.value, "\(result.diagnostics)")
        return ControlByWebClients(
            try #require(site.compatibility.controlByWeb), tables: folder.path, logger: logger)
    }

    @Test("who is listed; never a router, though the site file does not name it, and from the moment that it is one")
    func router() throws {
        let folder = TemporaryDirectory()
        let clients = try clients("192.168.1.0/24", folder)
        folder.write("eth0 00000000 0101A8C0 0003 0 0 0 00000000 0 0 0\n", to: "route")
        #expect(clients.admits("192.168.1.20") && !clients.admits("192.168.1.1") && !clients.admits("192.168.2.20"))
        folder.write("eth0 00000000 1401A8C0 0003 0 0 0 00000000 0 0 0\n", to: "route")
        #expect(!clients.admits("192.168.1.20") && clients.admits("192.168.1.1"))
        #expect(!clients.admits("") && !clients.admits("nobody"))
    }

    @Test("a router of IPv6")
    func version6() throws {
        let folder = TemporaryDirectory()
        let zero = String(repeating: "0", count: 32)
        folder.write(
            "\(zero) 00 \(zero) 00 fd000001000000000000000000000001 00000400 00000002 00000000 00000003 eth0\n",
            to: "ipv6_route")
        let clients = try clients("\"fd00:1::/64\"", folder)
        #expect(clients.admits("fd00:1::20") && !clients.admits("fd00:1::1"))
    }

    @Test("where the kernel does not tell its routers nobody comes in but this machine")
    func unknown() throws {
        let folder = TemporaryDirectory()
        let clients = try clients("192.168.1.20/32, 127.0.0.1/32", folder)
        #expect(!clients.admits("192.168.1.20") && clients.admits("127.0.0.1"))
    }

    @Test("who is turned away stands in the log, once a minute for each")
    func saying() throws {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in lines }
        let clients = try clients("127.0.0.1/32", TemporaryDirectory(), logger: logger)
        for address in ["192.0.2.1", "127.0.0.1", "192.0.2.1", "192.0.2.2"] { _ = clients.admits(address) }
        let reason = "it is not in compatibility.controlbyweb.allow, or a router of this unit"
        #expect(
            lines.all.withLock { $0 } == [
                "warning: a ControlByWeb client is turned away client=192.0.2.1 reason=\(reason)",
                "warning: a ControlByWeb client is turned away client=192.0.2.2 reason=\(reason)",
            ])
    }

    /// What was logged.
    private final class Lines: LogHandler, Sendable {
        let all = Mutex<[String]>([])

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            all.withLock { $0.append("\(event.level): \(event.message)\(fields.joined())") }
        }

        subscript(metadataKey _: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        var logLevel: Logger.Level {
            get { .info }
            set {}
        }
    }
}
