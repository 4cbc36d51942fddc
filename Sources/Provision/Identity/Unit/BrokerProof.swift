import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Platform
import Site

/// Proves a certificate against a broker: mutual TLS, then an MQTT connection, which is closed at once.
struct BrokerProof {
    private let candidate: TLSCandidate
    private let unit: UnitID

    init(_ candidate: TLSCandidate, unit: UnitID) {
        self.candidate = candidate
        self.unit = unit
    }

    /// - Throws: `Failure` `handshake.broker`, `handshake.unauthorized`.
    func prove(_ broker: UnitIdentity.Broker) async throws {
        let code: UInt8
        do {
            code = try await connect(broker)
        } catch {
            throw Failure(
                "handshake.broker",
                "The certificate could not be proven at \(broker): \(Self.reason(error)).",
                hint: "check the broker's address, its CA file and its deny list; without --broker it is not asked",
                status: error is NIOConnectionError ? .tryAgain : .failed)
        }
        // 0 is accepted, 2 an objection to the client ID, which comes after the certificate was.
        guard code == 0 || code == 2 else {
            throw Failure(
                "handshake.unauthorized",
                "The broker \(broker) knows the certificate's authority, but does not let \(unit) in (code \(code)).",
                hint: "check the access list of the broker")
        }
    }

    /// What the kernel said, where nobody listens; else what TLS said.
    private static func reason(_ error: any Error) -> String {
        guard let failure = error as? NIOConnectionError else { return "\(error)" }
        let reasons = failure.connectionErrors.map { ($0.error as? IOError)?.errnoCode }
        if let code = reasons.first ?? nil { return String(cString: strerror(code)).lowercased() }
        return "the name \(failure.host) is not found"
    }

    private func connect(_ broker: UnitIdentity.Broker) async throws -> UInt8 {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        (configuration.certificateChain, configuration.privateKey) = try candidate.source()
        configuration.trustRoots = try candidate.trust()
        let context = try NIOSSLContext(configuration: configuration)
        let name = IPAddress(broker.host) == nil ? broker.host : nil
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let timeout = TimeAmount.seconds(10)
            let channel = try await ClientBootstrap(group: group).connectTimeout(timeout)
                .connect(host: broker.host, port: broker.port).get()
            let answer = try await Conversation(timeout: timeout).run(
                on: channel, context: context, name: name, saying: Self.greeting(unit), until: { $0.count >= 4 })
            try await group.shutdownGracefully()
            guard answer.count >= 4, answer[0] == 0x20, answer[1] == 2 else { return .max }
            return answer[3]
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// CONNECT of MQTT 3.1.1 with a clean session, and DISCONNECT (sections 3.1 and 3.14).
    ///
    /// A client ID of its own, so that the unit's running connection is not taken over.
    static func greeting(_ unit: UnitID) -> [UInt8] {
        let client = Array("\(unit)-proof".utf8)
        let body: [UInt8] = [0, 4] + Array("MQTT".utf8) + [4, 0x02, 0, 30, 0, UInt8(client.count)] + client
        return [0x10, UInt8(body.count)] + body + [0xE0, 0]
    }
}
