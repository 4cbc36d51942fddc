import Platform
import Testing

@testable import Provision

/// The roots that a card carries for a unit that has no certificate yet.
@Suite("The root of an authority before the certificate")
struct IdentityTrustTests {
    private let bench: IdentityBench
    private let authority: CertificateAuthority

    init() throws {
        bench = try IdentityBench()
        authority = try bench.authority()
    }

    /// Of an authority that has nothing to do with the unit's.
    private func otherRoot() throws -> [UInt8] {
        let other = try IdentityBench()
        return try other.authority("Other").root.pem()
    }

    @Test("is kept, and a certificate that leads to it needs no other word")
    func kept() async throws {
        let (identity, request) = try bench.unit()
        let work = TrustWork(identity: identity, root: try authority.root.pem())
        #expect(!work.isDone())
        try work.carryOut()
        #expect(work.isDone())
        #expect(try identity.roots().leaf.fingerprint == authority.root.leaf.fingerprint)
        #expect(FileKind.permissions(of: "\(identity.directory)/ca.crt") == 0o644)
        let signed = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        try await identity.install(.device, chain: signed.chain.pem(), now: bench.now)
        #expect(try identity.certificate(.device).leaf.fingerprint == signed.chain.leaf.fingerprint)
    }

    @Test("a certificate of another authority is refused")
    func other() async throws {
        let (identity, request) = try bench.unit()
        try TrustWork(identity: identity, root: try otherRoot()).carryOut()
        let signed = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        await #expect(throws: Failure.self) {
            try await identity.install(.device, chain: signed.chain.pem(), now: bench.now)
        }
    }

    @Test("another card changes no authority, and what is no root leaves none")
    func unchanged() throws {
        let (identity, _) = try bench.unit()
        let nothing = TrustWork(identity: identity, root: Array("nothing\n".utf8))
        #expect(failureCode { try nothing.carryOut() } == "certificate.unreadable")
        #expect(!nothing.isDone())
        try TrustWork(identity: identity, root: try authority.root.pem()).carryOut()
        try TrustWork(identity: identity, root: try otherRoot()).carryOut()
        #expect(try identity.roots().leaf.fingerprint == authority.root.leaf.fingerprint)
    }
}
