import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The folder of an identity")
struct IdentityFolderTests {
    let bench: IdentityBench
    let card = TemporaryDirectory()
    /// A directory of this machine, which no card may reach.
    let outside = TemporaryDirectory()

    init() throws { bench = try IdentityBench() }

    private func identity() throws -> UnitIdentity { try UnitIdentity(in: SystemRoot(card.path)) }

    private func record() throws -> UnitRecord {
        var random = SystemRandomNumberGenerator()
        return UnitRecord(unit: try #require(UnitID("pi-a")), board: nil, now: bench.now, random: &random)
    }

    private func link(_ name: String, to target: String) throws {
        try #require(symlink(target, "\(card.path)/\(name)") == 0)
    }

    @Test("of a card is made with the folders above it, for its owner and group, and shown with the card")
    func made() throws {
        let identity = try identity()
        #expect(identity.directory == "\(card.path)/var/lib/picli/identity" && !identity.exists)
        try identity.write(record())
        try identity.makeKey(.device)
        #expect(try SmallFile.names(in: identity.directory) == ["device.key", "unit.json"])
        #expect(FileKind.permissions(of: identity.directory) == 0o750)
        #expect(FileKind.permissions(of: "\(card.path)/var") == 0o750)
        let missing = #expect(throws: Failure.self) { try identity.certificate(.device) }
        #expect(missing?.message.contains("\(card.path)/var/lib/picli/identity/device.crt") == true)
    }

    @Test(
        "stays on the card whatever its links say",
        arguments: ["var/lib/picli", "var/lib", "var", "var/lib/picli/identity"], [true, false])
    func links(name: String, isAbsolute: Bool) async throws {
        // The same path on the card and outside: on the card it is the card's own.
        card.write("", to: "\(outside.path.dropFirst())/keep")
        let parent = name.split(separator: "/").dropLast().joined(separator: "/")
        if !parent.isEmpty { card.write("", to: "\(parent)/keep") }
        try link(name, to: isAbsolute ? outside.path : String(repeating: "../", count: 20) + outside.path.dropFirst())
        let identity = try identity()
        try identity.write(record())
        let authority = try bench.authority()
        let signed = try authority.sign(SigningOrder(request: identity.request(.device), name: "a"), now: bench.now)
        try await identity.install(.device, chain: signed.chain.pem(), root: authority.root.pem(), now: bench.now)
        #expect(await identity.findings(board: nil, earliest: 0, now: bench.now).isEmpty)
        #expect(try SmallFile.names(in: outside.path).isEmpty)
        let rest = "var/lib/picli/identity".dropFirst(name.count)
        #expect(FileKind(of: "\(card.path)\(outside.path)\(rest)/device.crt") == .regular)
    }

    @Test("reads and replaces no file of this machine that a link on the card names")
    func linkedFiles() throws {
        let identity = try identity()
        try identity.write(record())
        let key = SigningKey().pem
        try AtomicFile.replace("\(outside.path)/secret", with: key)
        for name in ["device.key", "web.key.new", "unit.json.new"] {
            try link("var/lib/picli/identity/\(name)", to: "\(outside.path)/secret")
        }
        #expect(failureCode { _ = try identity.key(.device) } == "identity.missing")
        try identity.makeKey(.device)
        _ = try identity.request(.web, isKeyNew: true, hosts: ["a.local"])
        try identity.write("unit.json.new", [1], mode: 0o644)
        #expect(try SmallFile.bytes(at: "\(outside.path)/secret") == key)
        #expect(FileKind(of: "\(identity.directory)/device.key", followsLinks: false) == .regular)
    }

    @Test("is changed by one at a time: the second is told, and may come again")
    func lock() async throws {
        let identity = try identity()
        try identity.write(record())
        let other = UnitIdentity(at: identity.directory)
        let lock = try identity.lock()
        let record = try record()
        let attempts: [(String, () async throws -> Void)] = [
            ("write", { try other.write(record) }), ("key", { try other.makeKey(.web) }),
            ("request", { _ = try other.request(.device) }), ("resume", { try other.resume() }),
            ("new key", { _ = try other.request(.device, isKeyNew: true) }),
            ("install", { [now = bench.now] in try await other.install(.device, chain: [], now: now) }),
        ]
        for (name, attempt) in attempts {
            let failure = await #expect(throws: Failure.self, "\(name)") { try await attempt() }
            #expect(failure?.code == "identity.busy" && failure?.status == .tryAgain, "\(name)")
        }
        #expect(try SmallFile.names(in: identity.directory) == ["unit.json"])
        withExtendedLifetime(lock) {}
    }

    @Test("is free again when the one before has ended, well or not")
    func unlocked() async throws {
        let identity = try identity()
        try identity.write(record())
        #expect(failureCode { _ = try identity.request(.web) } == "identity.names")
        let code = await laterFailureCode { try await identity.install(.device, chain: [1], now: bench.now) }
        #expect(code == "certificate.unreadable")
        try identity.resume()
        try identity.makeKey(.device)
    }

    @Test("that is not there has nothing to be finished, and nothing can be installed into it")
    func absent() async throws {
        let identity = try identity()
        try identity.resume()
        let code = await laterFailureCode { try await identity.install(.device, chain: [], now: bench.now) }
        #expect(code == "identity.missing")
        #expect(try SmallFile.names(in: card.path).isEmpty)
    }

    @Test("may be named from the current directory")
    func relative() throws {
        let identity = try bench.unit().identity
        let path = try #require(realpath(".", nil))
        defer { free(path) }
        let up = String(repeating: "../", count: String(cString: path).split(separator: "/").count)
        let relative = UnitIdentity(at: up + identity.directory.dropFirst())
        #expect(try relative.record() == identity.record())
    }
}
