import Foundation
import Platform
import Testing

/// Against the kernel's own answers on loopback.
@Suite("Pings")
struct EchoRoundTests {
    @Test(
        "every address of loopback answers, of both families, each for itself", .enabled(if: PingNamespace.isPossible))
    func answers() throws {
        let six = [UInt8](repeating: 0, count: 15) + [1]
        let outcomes = try PingNamespace.run {
            try EchoRound([[127, 0, 0, 1], [127, 0, 0, 2], six]).run(within: .seconds(2))
        }
        #expect(outcomes.count == 3)
        #expect(outcomes[..<2].allSatisfy { $0.isAnswer }, "\(outcomes)")
        // A machine without IPv6 says so at once.
        if case .silent = outcomes[2] { Issue.record("no answer from ::1") }
    }

    @Test("who does not answer costs the limit, and no more", .enabled(if: PingNamespace.isPossible))
    func silence() throws {
        let clock = ContinuousClock()
        // TEST-NET-1 (RFC 5737) is nobody's: no packet of it comes back, if one can be sent at all.
        let start = clock.now
        let outcomes = try PingNamespace.run {
            try EchoRound([[127, 0, 0, 1], [192, 0, 2, 1]]).run(within: .milliseconds(200))
        }
        #expect(outcomes[0].isAnswer && !outcomes[1].isAnswer)
        #expect(clock.now - start < .seconds(2))
    }

    @Test("many at once are told apart", .enabled(if: PingNamespace.isPossible))
    func many() throws {
        let outcomes = try PingNamespace.run {
            try EchoRound((1...50).map { [127, 0, 0, $0] }).run(within: .seconds(2))
        }
        #expect(outcomes.allSatisfy { $0.isAnswer })
    }

    @Test("who may make no ping socket is told so", .enabled(if: PingNamespace.isPossible))
    func denied() throws {
        #expect(throws: SystemError.self) {
            try PingNamespace.run(groups: "1 0") { try EchoRound([[127, 0, 0, 1]]).run(within: .seconds(1)) }
        }
    }

    @Test("a name leads to its addresses, and one that is none to nothing")
    func names() {
        #expect(HostLookup.addresses(of: "localhost").contains { $0 == [127, 0, 0, 1] || $0.last == 1 })
        #expect(HostLookup.addresses(of: "192.0.2.7") == [[192, 0, 2, 7]])
        #expect(HostLookup.addresses(of: "") == [])
    }

    @Test("loopback has its carrier; an interface that is not there has none")
    func links() throws {
        #expect(LinkState(of: "lo") == .up)
        #expect(LinkState(of: "none0") == .absent)
        let root = FileManager.default.temporaryDirectory.appending(path: "picli-net-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in [("eth0", "1\n"), ("eth1", "0\n")] {
            let folder = root.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: folder.appending(path: "carrier"))
        }
        try FileManager.default.createDirectory(at: root.appending(path: "eth2"), withIntermediateDirectories: true)
        #expect(LinkState(of: "eth0", below: root.path) == .up)
        #expect(LinkState(of: "eth1", below: root.path) == .down)
        // Switched off: its carrier cannot be read.
        #expect(LinkState(of: "eth2", below: root.path) == .down)
    }
}
