import Glibc
import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("The renewal of a certificate")
struct IdentityRenewalTests {
    let bench: IdentityBench
    let authority: CertificateAuthority

    init() throws {
        bench = try IdentityBench()
        authority = try bench.authority()
    }

    private func signed(_ request: [UInt8], _ change: KeyChange = .none, profile: CertificateProfile = .unit) throws
        -> [UInt8]
    {
        try authority.sign(
            SigningOrder(request: request, name: "unit", profile: profile, change: change), now: bench.now
        ).chain.pem()
    }

    private func files(_ identity: UnitIdentity) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try SmallFile.names(in: identity.directory) {
            files[name] = try SmallFile.bytes(at: "\(identity.directory)/\(name)")
        }
        return files
    }

    @Test("a request has the unit's names and is signed by its key, which is its owner's alone")
    func request() throws {
        let (identity, request) = try bench.unit()
        let file = try bench.write("unit.csr", request)
        let text = try IdentityTools.openssl("req", "-in", file, "-noout", "-text", "-verify").output
        #expect(text.contains("verify OK") && text.contains("CN = pi-7k3m92qf"), "\(text)")
        for id in try identity.record().databaseIDs { #expect(text.contains("URI:urn:uuid:\(id)")) }
        #expect(FileKind.permissions(of: "\(identity.directory)/device.key") == 0o600)
        #expect(try identity.request(.device, isKeyNew: true) != request)
        #expect(failureCode { _ = try identity.request(.web) } == "identity.names")
    }

    @Test("a first certificate is installed with its root, and pinned")
    func first() async throws {
        let (identity, request) = try bench.unit()
        try await identity.install(.device, chain: signed(request), root: authority.root.pem(), now: bench.now)
        #expect(try SmallFile.names(in: identity.directory) == ["ca.crt", "device.crt", "device.key", "unit.json"])
        let record = try identity.record()
        #expect(record.key == (try identity.key(.device).fingerprint))
        #expect(record.certificate == (try identity.certificate(.device).leaf.serial))
        #expect(await identity.findings(board: nil, earliest: 0, now: bench.now).isEmpty)
    }

    @Test("a new key waits for its certificate, while the old one stays in use")
    func newKey() async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let old = try identity.key(.device).fingerprint
        let request = try identity.request(.device, isKeyNew: true)
        #expect(try identity.key(.device).fingerprint == old)
        #expect(await identity.findings(board: nil, earliest: 0, now: bench.now).isEmpty)
        let again = try identity.request(.device, isKeyNew: true)
        let (first, second) = (try bench.write("1.csr", request), try bench.write("2.csr", again))
        let keys = try [first, second].map { try IdentityTools.openssl("req", "-in", $0, "-noout", "-pubkey").output }
        #expect(keys[0] == keys[1])
        let summary = try await identity.install(.device, chain: signed(request, .rekey), now: bench.now)
        #expect(summary.key != old)
        #expect(try identity.record().key == summary.key)
        #expect(try identity.key(.device).fingerprint == summary.key)
        #expect(FileKind.permissions(of: "\(identity.directory)/device.key") == 0o600)
        #expect(try SmallFile.names(in: identity.directory).allSatisfy { !$0.hasSuffix(".new") })
    }

    @Test(
        "the certificate of the page is proven as a server, by name or by address",
        arguments: [
            ["trailer.local"], ["192.168.1.10"], ["fd00::1", "192.168.1.10"], ["192.168.1.10", "trailer"],
        ])
    func web(hosts: [String]) async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let chain = try signed(identity.request(.web, hosts: hosts), profile: .web)
        try await identity.install(.web, chain: chain, now: bench.now)
        #expect(await identity.findings(board: nil, earliest: 0, now: bench.now).isEmpty)
        #expect(FileKind.permissions(of: "\(identity.directory)/web.key") == 0o600)
    }

    @Test("what does not fit is refused, and the old stands")
    func refused() async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let before = try files(identity)
        let other = try bench.unit("pi-b").request
        let stranger = try IdentityBench()
        let foreign = try stranger.authority().sign(
            SigningOrder(request: identity.request(.device), name: "a"), now: bench.now)
        let web = try signed(identity.request(.web, hosts: ["a.local"]), profile: .web)
        let chain = try signed(identity.request(.device))
        let leafOnly = try CertificateChain(pem: chain, name: "chain").leaf.serial
        #expect(!"\(leafOnly)".isEmpty)
        let end = String(decoding: chain, as: UTF8.self).firstRange(of: "-----END CERTIFICATE-----\n")
        let first = String(decoding: chain, as: UTF8.self)[..<(try #require(end).upperBound)]
        let cases: [(String, [UInt8])] = [
            ("certificate.key", try signed(other)), ("certificate.chain", try foreign.chain.pem()),
            ("certificate.key", web), ("certificate.chain", Array(first.utf8)), ("certificate.unreadable", [1, 2, 3]),
            ("certificate.unreadable", try identity.key(.device).pem),
        ]
        for (code, pem) in cases {
            let found = await laterFailureCode { try await identity.install(.device, chain: pem, now: bench.now) }
            #expect(found == code)
            var after = try files(identity)
            after["web.key"] = nil
            #expect(after == before)
        }
        let early = await laterFailureCode { try await identity.install(.device, chain: chain, now: 0) }
        #expect(early == "identity.clock")
        let late = await laterFailureCode {
            try await identity.install(.device, chain: chain, now: bench.now + Int64(4000) * 86_400_000)
        }
        #expect(late == "certificate.expired")
    }

    @Test("a swap that was cut at any moment ends as the old or the new, and a cut resume is resumed", arguments: 0...6)
    func interrupted(cut: Int) async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let old = try files(identity)
        let chain = try signed(identity.request(.device, isKeyNew: true), .rekey)
        let waiting = try SmallFile.bytes(at: "\(identity.directory)/device.key.new")
        let copy = UnitIdentity(at: "\(bench.path)/copy")
        try ForeignProgram.run("/bin/cp", ["-a", identity.directory, copy.directory])
        try await identity.install(.device, chain: chain, now: bench.now)
        let new = try files(identity)
        // As a cut leaves it: so many of the steps were done.
        let names = ["device.crt", "unit.json"]
        for name in names.prefix(cut) { try put(new[name], "\(name).new", copy) }
        if cut >= 3 { try put(Array("device.key\ndevice.crt\nca.crt\nunit.json\n".utf8), "swap", copy) }
        let moves = ["device.key", "device.crt", "unit.json"].prefix(max(0, cut - 3))
        for name in moves { #expect(rename("\(copy.directory)/\(name).new", "\(copy.directory)/\(name)") == 0) }
        try copy.resume()
        try copy.resume()
        var expected = cut >= 3 ? new : old
        if cut < 3 { expected["device.key.new"] = waiting }
        #expect(try files(copy) == expected)
        #expect(await copy.findings(board: nil, earliest: 0, now: bench.now).isEmpty)
    }

    private func put(_ content: [UInt8]?, _ name: String, _ identity: UnitIdentity) throws {
        try AtomicFile.replace("\(identity.directory)/\(name)", with: try #require(content))
    }

    @Test("an authority that openssl makes serves as well", arguments: [true, false])
    func foreignAuthority(grantsNames: Bool) async throws {
        let (identity, request) = try bench.unit("pi-a")
        let (csr, folder) = (try bench.write("unit.csr", request), bench.path)
        bench.folder.write(
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n",
            to: "ca.ext")
        bench.folder.write("extendedKeyUsage=clientAuth\n", to: "leaf.ext")
        try IdentityTools.openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(folder)/o.key", "-out", "\(folder)/o.crt",
            "-subj", "/CN=Other CA", "-days", "3650")
        let extensions = grantsNames ? ["-copy_extensions", "copy"] : ["-extfile", "\(folder)/leaf.ext"]
        let answer = try ForeignProgram.run(
            "/usr/bin/openssl",
            [
                "x509", "-req", "-in", csr, "-CA", "\(folder)/o.crt", "-CAkey", "\(folder)/o.key", "-CAcreateserial",
                "-days",
                "365", "-out", "\(folder)/unit.crt",
            ] + extensions)
        #expect(answer.status == 0, "\(answer)")
        try await identity.install(
            .device, chain: SmallFile.bytes(at: "\(folder)/unit.crt"), root: SmallFile.bytes(at: "\(folder)/o.crt"),
            now: KernelClock.wall())
        let findings = await identity.findings(board: nil, earliest: 0, now: KernelClock.wall())
        #expect(findings.map(\.code) == (grantsNames ? [] : ["certificate.names"]))
        #expect(findings.allSatisfy { $0.severity == .warning })
    }

    @Test("what is wrong with an identity is found, and told by its own code")
    func findings() async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let board = try #require(BoardSerial("1a"))
        var record = try identity.record()
        record.board = BoardSerial("1b")
        try identity.write(record)
        chmod("\(identity.directory)/device.key", 0o644)
        func codes(_ now: Int64, earliest: Int64 = 0) async -> [String] {
            await identity.findings(board: board, earliest: earliest, now: now).map(\.code)
        }
        #expect(await codes(bench.now) == ["identity.clone", "identity.keyMode"])
        chmod("\(identity.directory)/device.key", 0o600)
        record.board = board
        try identity.write(record)
        #expect(await codes(bench.now) == [])
        #expect(await codes(0) == ["identity.clock"])
        #expect(await codes(1000, earliest: 2000) == ["identity.clock", "identity.clock"])
        let day = Int64(86_400_000)
        #expect(await codes(bench.now + 3600 * day) == ["certificate.endsSoon"])
        #expect(await codes(bench.now + 3653 * day) == ["certificate.expired"])
        try AtomicFile.replace("\(identity.directory)/device.key", with: SigningKey().pem, mode: 0o600)
        #expect(await codes(bench.now) == ["certificate.key", "identity.keyDiffers"])
        record.unit = try #require(UnitID("pi-b"))
        try identity.write(record)
        #expect(Set(await codes(bench.now)).isSuperset(of: ["certificate.unit", "certificate.names"]))
        for (file, code) in [
            ("ca.crt", "identity.missing"), ("device.key", "identity.missing"), ("unit.json", "identity.missing"),
        ] {
            unlink("\(identity.directory)/\(file)")
            #expect(await codes(bench.now).contains(code))
        }
    }

    @Test("garbage in the files of an identity is told, and never brings anything down")
    func garbage() async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let good = try files(identity)
        var random = SeededGenerator(seed: 7)
        for round in 0..<300 {
            let name = ["ca.crt", "device.crt", "device.key", "unit.json"][round % 4]
            var bytes = try #require(good[name])
            for _ in 0..<2 {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            try AtomicFile.replace("\(identity.directory)/\(name)", with: bytes, mode: 0o600)
            _ = await identity.findings(board: nil, earliest: 0, now: bench.now)
            try AtomicFile.replace("\(identity.directory)/\(name)", with: try #require(good[name]), mode: 0o600)
        }
        #expect(await identity.findings(board: nil, earliest: 0, now: bench.now).isEmpty)
    }
}
