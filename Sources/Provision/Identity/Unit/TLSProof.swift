import Crypto
import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import Platform
import X509

/// A certificate with all that a TLS connection needs of it.
struct TLSCandidate: Sendable {
    let chain: CertificateChain
    let key: SigningKey
    let roots: CertificateChain

    func source() throws -> ([NIOSSLCertificateSource], NIOSSLPrivateKeySource) {
        let certificates = try chain.certificates.map {
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0.der(), format: .der))
        }
        return (certificates, .privateKey(try NIOSSLPrivateKey(bytes: key.pem, format: .pem)))
    }

    func trust() throws -> NIOSSLTrustRoots { try Self.trust(roots.certificates) }

    static func trust(_ certificates: [Certificate]) throws -> NIOSSLTrustRoots {
        .certificates(try certificates.map { try NIOSSLCertificate(bytes: $0.der(), format: .der) })
    }
}

/// Proves a certificate by a real handshake with oneself over loopback, both sides showing theirs.
///
/// The other side has a certificate of its own that lasts as long as the proof.
struct TLSProof {
    private let candidate: TLSCandidate

    init(_ candidate: TLSCandidate) { self.candidate = candidate }

    /// - Throws: `Failure` `handshake.refused`.
    func prove(_ role: UnitIdentity.Role) async throws {
        do {
            try await handshake(role)
        } catch {
            throw Failure(
                "handshake.refused", "The new certificate did not stand its test, and the old one stands: \(error).",
                hint: "openssl verify -CAfile ca.crt FILE, and the key that it is for")
        }
    }

    private func handshake(_ role: UnitIdentity.Role) async throws {
        let name = role == .web ? candidate.chain.leaf.hosts.first { !$0.isAddress } : Self.ownName
        let (ownChain, ownKey, ownRoot) = try Self.throwaway()
        let (chain, key) = try candidate.source()
        let (serverChain, serverKey) = role == .web ? (chain, key) : (ownChain, ownKey)
        let (clientChain, clientKey) = role == .web ? (ownChain, ownKey) : (chain, key)
        let own = try TLSCandidate.trust([ownRoot])
        let trusted = try candidate.trust()
        var server = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: serverChain, privateKey: serverKey, trustRoots: role == .web ? own : trusted)
        server.minimumTLSVersion = .tlsv12
        var client = TLSConfiguration.makeClientConfiguration()
        client.minimumTLSVersion = .tlsv12
        client.certificateChain = clientChain
        client.privateKey = clientKey
        client.trustRoots = role == .web ? trusted : own
        // An address in the certificate need not be one of this machine.
        if name == nil { client.certificateVerification = .noHostnameVerification }
        try await Loopback(server: NIOSSLContext(configuration: server), client: NIOSSLContext(configuration: client))
            .greet(name: name)
    }

    private static let ownName = "proof.picli.internal"

    /// Good for one hour around now, and known to nobody else.
    private static func throwaway() throws -> ([NIOSSLCertificateSource], NIOSSLPrivateKeySource, Certificate) {
        let key = SigningKey()
        let now = KernelClock.wall()
        let name = try DistinguishedName { CommonName(ownName) }
        var random = SystemRandomNumberGenerator()
        let certificate = try Certificate(
            version: .v3, serialNumber: CertificateSerial(random: &random).number,
            publicKey: key.certificateKey.publicKey,
            notValidBefore: Date(milliseconds: now - 1_800_000), notValidAfter: Date(milliseconds: now + 1_800_000),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                try ExtendedKeyUsage([.clientAuth, .serverAuth])
                SubjectAlternativeNames([.dnsName(ownName)])
            }, issuerPrivateKey: key.certificateKey)
        let (chain, source) = try TLSCandidate(
            chain: CertificateChain([certificate]), key: key, roots: CertificateChain([certificate])
        ).source()
        return (chain, source, certificate)
    }
}

extension String {
    fileprivate var isAddress: Bool { contains(":") || allSatisfy { $0.isNumber || $0 == "." } }
}

/// A server and a client in one process: the client says a byte and hears one, so that both have accepted each other.
private struct Loopback {
    let server: NIOSSLContext
    let client: NIOSSLContext

    func greet(name: String?) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await greet(name: name, on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func greet(name: String?, on group: MultiThreadedEventLoopGroup) async throws {
        let listening = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLServerHandler(context: server), Echo())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { listening.close(promise: nil) }
        guard let address = listening.localAddress else { throw ChannelError.unknownLocalAddress }
        let channel = try await ClientBootstrap(group: group).connect(to: address).get()
        try await Conversation(timeout: .seconds(10)).run(
            on: channel, context: client, name: name, saying: [0x21], until: { $0.count == 1 })
    }
}

/// Gives back what it hears.
private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The client hears of it by the alert.
        context.close(promise: nil)
    }
}
