import GRDB
import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("The register of an authority")
struct CertificateAuthorityRegisterTests {
    let bench: IdentityBench
    let authority: CertificateAuthority

    init() throws {
        bench = try IdentityBench()
        authority = try bench.authority()
    }

    private func sign(
        _ request: [UInt8], _ change: KeyChange = .none, board: String? = nil
    ) throws -> SignedCertificate {
        let facts = UnitFacts(board: board.flatMap(BoardSerial.init), macs: ["b8:27:eb:01:02:03"], image: "picli 1.0")
        return try authority.sign(
            SigningOrder(request: request, name: "unit.csr", change: change, facts: facts),
            by: Operation(command: "picli ca sign unit.csr", user: "ann"), now: bench.now)
    }

    @Test("a row has everything that is known of the unit and its certificate")
    func row() throws {
        let (identity, request) = try bench.unit()
        let signed = try sign(request, board: "10000000A1B2C3D4")
        let row = try #require(try authority.entries().last)
        let record = try identity.record()
        #expect(row.event == .signed && row.time == bench.now)
        #expect(row.operation == Operation(command: "picli ca sign unit.csr", user: "ann"))
        #expect(row.subject == "pi-7k3m92qf" && row.profile == .unit)
        #expect(row.facts.board?.description == "10000000a1b2c3d4" && row.facts.macs == ["b8:27:eb:01:02:03"])
        #expect(row.facts.image == "picli 1.0")
        #expect(row.key == (try identity.key(.device).fingerprint.description))
        #expect(row.serial == signed.chain.leaf.serial.description && row.notAfter == signed.chain.leaf.notAfter)
        #expect(row.databases == record.databaseIDs.map(\.description))
        #expect(try authority.entries().map(\.event) == [.created, .issuing, .signed])
        let issuer = try #require(row.issuer)
        let again = try #require(try authority.chain(signed.chain.leaf.serial, issuer: issuer))
        #expect(again == signed.chain)
    }

    @Test(
        "rows are neither changed, nor taken away, nor replaced",
        arguments: [
            "UPDATE register SET event = 'created'", "UPDATE register SET serial = NULL WHERE number = 1",
            "DELETE FROM register",
            "REPLACE INTO register (number, time, event, macs, databases) VALUES (1, 0, 'x', '', '')",
            """
            REPLACE INTO register (time, event, macs, databases, serial)
            SELECT 0, 'signed', '', '', serial FROM register WHERE event = 'signed'
            """,
        ])
    func appendOnly(sql: String) throws {
        let (_, request) = try bench.unit()
        _ = try sign(request)
        let before = try authority.entries()
        let database = try DatabaseQueue(path: "\(bench.ca)/register.sqlite")
        let error = #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: sql) } }
        #expect(error?.message == "the register is only added to")
        #expect(try authority.entries() == before)
    }

    @Test("it is durable without a write-ahead log beside it")
    func settings() throws {
        let database = try DatabaseQueue(path: "\(bench.ca)/register.sqlite")
        #expect(try database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "delete")
        #expect(FileKind.permissions(of: "\(bench.ca)/register.sqlite") == 0o600)
        let names = try SmallFile.names(in: bench.ca)
        #expect(names.contains("register.sqlite") && !names.contains { $0.hasSuffix("-wal") })
    }

    @Test("a renewal with the same key is granted; another key needs a word")
    func keys() throws {
        let (identity, request) = try bench.unit()
        let first = try sign(request)
        let second = try sign(request)
        #expect(first.chain.leaf.serial != second.chain.leaf.serial)
        let other = try identity.request(.device, isKeyNew: true)
        #expect(failureCode { _ = try sign(other) } == "ca.keyDiffers")
        #expect(try authority.entries().last?.code == "ca.keyDiffers")
        let rekeyed = try sign(other, .rekey)
        #expect(rekeyed.revoked.isEmpty)
        #expect(failureCode { _ = try sign(request) } == "ca.keyDiffers")
    }

    @Test("the same key or the same databases under another unit ID are a copy")
    func copies() throws {
        let (identity, request) = try bench.unit()
        _ = try sign(request)
        var record = try identity.record()
        record.unit = try #require(UnitID("pi-thief"))
        try identity.write(record)
        #expect(failureCode { _ = try sign(try identity.request(.device)) } == "ca.keyInUse")
        #expect(failureCode { _ = try sign(try identity.request(.device, isKeyNew: true)) } == "ca.databaseInUse")
        var random = SystemRandomNumberGenerator()
        try identity.write(record.reclaimed(unit: record.unit, board: nil, now: bench.now, random: &random))
        _ = try sign(try identity.request(.device, isKeyNew: true))
    }

    @Test("another board is a clone, until it is said to take the unit over: then the old certificates are revoked")
    func boards() throws {
        let (identity, request) = try bench.unit()
        let old = try sign(request, board: "10000000aaaaaaaa")
        #expect(failureCode { _ = try sign(request, board: "10000000bbbbbbbb") } == "ca.boardDiffers")
        let new = try identity.request(.device, isKeyNew: true)
        #expect(failureCode { _ = try sign(new, .rekey, board: "10000000bbbbbbbb") } == "ca.boardDiffers")
        #expect(failureCode { _ = try sign(request, .reclaim, board: "10000000bbbbbbbb") } == "ca.keyCopied")
        let reclaimed = try sign(new, .reclaim, board: "10000000bbbbbbbb")
        #expect(reclaimed.revoked == [old.chain.leaf.serial])
        let states = try authority.certificates(now: bench.now).map(\.state)
        #expect(states == [.revoked, .valid])
        #expect(try authority.denyList(now: bench.now) == "\(old.chain.leaf.serial)\n")
        #expect(failureCode { _ = try sign(new, board: "10000000aaaaaaaa") } == "ca.boardDiffers")
    }

    @Test("a stolen key is never signed again; a new one of the same unit is")
    func theft() throws {
        let (identity, request) = try bench.unit()
        _ = try sign(request)
        _ = try authority.revoke("pi-7k3m92qf", reason: .keyCompromise, now: bench.now)
        #expect(failureCode { _ = try sign(request) } == "ca.keyCompromised")
        #expect(failureCode { _ = try sign(request, .rekey) } == "ca.keyCompromised")
        _ = try sign(try identity.request(.device, isKeyNew: true), .rekey)
    }

    @Test("each request of a batch has its own result, and what is decided for one counts for the next")
    func batch() throws {
        let requests = try (0..<20).map { try bench.unit("pi-\($0)").request }
        var orders = requests.enumerated().map { SigningOrder(request: $1, name: "\($0)") }
        orders.insert(SigningOrder(request: [1, 2, 3], name: "garbage"), at: 7)
        let copied = try bench.foreignRequest(subject: "/CN=pi-3")
        orders.append(SigningOrder(request: copied, name: "another key of pi-3"))
        let outcome = try authority.sign(orders, now: bench.now)
        let failures = outcome.results.enumerated().compactMap { index, result -> String? in
            if case .failure(let failure) = result { "\(index) \(failure.code)" } else { nil }
        }
        #expect(failures == ["7 request.unreadable", "21 ca.keyDiffers"])
        let entries = try authority.entries()
        #expect(entries.filter { $0.event == .signed }.count == 20)
        #expect(entries.filter { $0.event == .refused }.count == 2)
        #expect(Set(entries.compactMap(\.serial)).count == 22)
    }

    @Test("CSV is RFC 4180, and nothing in it is a formula")
    func csv() throws {
        var entry = RegisterEntry(
            time: 1_795_867_200_000, event: .refused, by: Operation(command: "=HYPERLINK(\"x\",\"y\")", user: "+1"))
        entry.subject = "@sum"
        entry.detail = "a \"quoted\", word\nand a line"
        entry.facts.image = "-2"
        let line = entry.csv
        #expect(line.contains(",'+1,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",'@sum,"))
        #expect(line.contains(",'-2,"))
        #expect(line.hasSuffix(",\"a \"\"quoted\"\", word\nand a line\"\n"))
        let columns = RegisterEntry.csvHeading.filter { $0 == "," }.count
        _ = try bench.write("register.csv", Array((RegisterEntry.csvHeading + line).utf8))
        let script = "import csv, sys; print([len(r) for r in csv.reader(open(sys.argv[1], newline=''))])"
        let answer = try ForeignProgram.run("/usr/bin/python3", ["-c", script, "\(bench.path)/register.csv"])
        #expect(answer.output == "[\(columns + 1), \(columns + 1)]\n")
    }

    @Test("a register that is none is said to be so")
    func damaged() throws {
        let path = "\(bench.ca)/register.sqlite"
        for content in [Array("no database, but a longer text".utf8), [], Array(repeating: 0, count: 4096)] {
            _ = try bench.write("ca/register.sqlite", content)
            #expect(failureCode { _ = try CertificateAuthority.open(directory: bench.ca) } == "ca.registerDamaged")
        }
        try AtomicFile.replace(path, with: [])
        let other = try DatabaseQueue(path: path)
        try other.write {
            try $0.execute(sql: "CREATE TABLE t (a); PRAGMA application_id = 0x70526567; PRAGMA user_version = 9")
        }
        #expect(failureCode { _ = try CertificateAuthority.open(directory: bench.ca) } == "ca.registerNewer")
        try ForeignProgram.run("/bin/rm", [path])
        #expect(failureCode { _ = try CertificateAuthority.open(directory: bench.ca) } == "ca.registerMissing")
    }

    @Test("two at a time write their rows one after the other")
    func concurrent() async throws {
        let directory = bench.ca
        let requests = try (0..<4).map { try bench.unit("pi-\($0)").request }
        let (passphrase, now) = (bench.passphrase, bench.now)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask {
                    let own = try CertificateAuthority.open(directory: directory, passphrase: passphrase)
                    _ = try own.sign(SigningOrder(request: request, name: "\(index)"), now: now)
                }
            }
            try await group.waitForAll()
        }
        #expect(try authority.certificates(now: now).count == 4)
    }

    @Test("a provisioning is noted with its self-test")
    func provisioned() throws {
        var entry = RegisterEntry(time: bench.now, event: .provisioned, by: Operation())
        entry.subject = "pi-7k3m92qf"
        entry.facts.selfTest = "passed"
        try authority.note(entry)
        #expect(try authority.history(of: "pi-7k3m92qf").last?.facts.selfTest == "passed")
        #expect(failureCode { _ = try authority.history(of: "pi-nobody") } == "ca.unknown")
    }
}
