import Foundation
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

/// Programs of other people that judge what picli makes.
enum IdentityTools {
    @discardableResult
    static func openssl(_ arguments: String...) throws -> ForeignProgram.Answer {
        try ForeignProgram.run("/usr/bin/openssl", arguments)
    }
}

/// An authority and units of a test, in a folder of its own.
final class IdentityBench {
    /// Wall milliseconds; that of the machine where a handshake is to succeed.
    let now: Int64
    let folder = TemporaryDirectory()
    let passphrase: Passphrase

    var path: String { folder.path }
    var ca: String { "\(path)/ca" }

    init(now: Int64 = KernelClock.wall()) throws {
        self.now = now
        passphrase = try Passphrase("correct horse battery")
        folder.write("correct horse battery\n", to: "secret")
    }

    func authority(_ name: String = "Acme") throws -> CertificateAuthority {
        // With little work for scrypt, which would be most of what the tests do.
        try CertificateAuthority.create(
            directory: ca, name: name, passphrase: passphrase, by: Operation(), now: now,
            work: PBES2.Work(cost: 16, parallelism: 1))
    }

    func write(_ name: String, _ content: [UInt8]) throws -> String {
        try AtomicFile.replace("\(path)/\(name)", with: content)
        return "\(path)/\(name)"
    }

    /// A unit with a record, a key and a request for a certificate.
    func unit(_ id: String = "pi-7k3m92qf", board: BoardSerial? = nil) throws -> (
        identity: UnitIdentity, request: [UInt8]
    ) {
        var random = SystemRandomNumberGenerator()
        let identity = UnitIdentity(at: "\(path)/\(id)/identity")
        let record = UnitRecord(unit: try #require(UnitID(id)), board: board, now: now, random: &random)
        try identity.write(record)
        return (identity, try identity.request(.device))
    }

    /// The same with a certificate of the authority, installed.
    func provisioned(_ id: String, by authority: CertificateAuthority) async throws -> UnitIdentity {
        let (identity, request) = try unit(id)
        let signed = try authority.sign(SigningOrder(request: request, name: id), now: now)
        try await identity.install(.device, chain: signed.chain.pem(), root: authority.root.pem(), now: now)
        return identity
    }

    /// A request that openssl makes.
    func foreignRequest(
        subject: String, extensions: [String] = [], key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    ) throws -> [UInt8] {
        let arguments =
            ["req", "-new", "-newkey"] + key
            + ["-nodes", "-keyout", "\(path)/foreign.key", "-subj", subject, "-utf8", "-out", "\(path)/foreign.csr"]
            + extensions.flatMap { ["-addext", $0] }
        let answer = try ForeignProgram.run("/usr/bin/openssl", arguments)
        #expect(answer.status == 0, "\(answer)")
        return try SmallFile.bytes(at: "\(path)/foreign.csr")
    }
}

/// Does what it is told to, and gives the code of the failure that comes.
func failureCode(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Failure)?.code ?? "\(error)"
    }
}

func laterFailureCode(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? Failure)?.code ?? "\(error)"
    }
}
