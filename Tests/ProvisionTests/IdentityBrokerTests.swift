import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("A broker with mutual TLS")
struct IdentityBrokerTests {
    let bench: IdentityBench
    let authority: CertificateAuthority

    init() throws {
        bench = try IdentityBench()
        authority = try bench.authority()
    }

    @Test("a unit publishes on its own topics, and nowhere else; revoked, it is not let in")
    func topics() async throws {
        let first = try await bench.provisioned("pi-a", by: authority)
        let second = try await bench.provisioned("pi-b", by: authority)
        let broker = try IdentityBroker(bench, authority)
        for (identity, own, others) in [
            (first, "sites/pi-a/t", "sites/pi-b/t"), (second, "sites/pi-b/t", "sites/pi-a/t"),
        ] {
            let granted = try broker.publish(own, as: identity)
            // 16: accepted, and nobody has subscribed.
            #expect(granted.output.contains("RC:16") || granted.output.contains("RC:0)"), "\(granted)")
            let denied = try broker.publish(others, as: identity)
            // 135: not authorized (MQTT 5, 2.4).
            #expect(denied.output.contains("RC:135"), "\(denied)")
        }
        _ = try authority.revoke("pi-a", reason: .keyCompromise, now: bench.now)
        try broker.reloadList()
        let revoked = try broker.publish("sites/pi-a/t", as: first)
        #expect(!revoked.output.contains("PUBACK") && revoked.status != 0, "\(revoked)")
        let other = try broker.publish("sites/pi-b/t", as: second)
        #expect(other.output.contains("RC:16") || other.output.contains("RC:0)"), "\(other)")
    }

    @Test("a renewal is proven at the broker: accepted, revoked, or a broker of somebody else")
    func renewal() async throws {
        let identity = try await bench.provisioned("pi-a", by: authority)
        let broker = try IdentityBroker(bench, authority)
        let place = try #require(UnitIdentity.Broker("localhost:\(broker.port)"))
        func renew(_ place: UnitIdentity.Broker) async -> String? {
            await laterFailureCode {
                let signed = try authority.sign(
                    SigningOrder(request: identity.request(.device), name: "a"), now: bench.now)
                try await identity.install(.device, chain: signed.chain.pem(), broker: place, now: bench.now)
            }
        }
        let before = try identity.certificate(.device).leaf.serial
        #expect(await renew(place) == nil)
        let installed = try identity.certificate(.device).leaf.serial
        #expect(installed != before)
        let address = try #require(UnitIdentity.Broker("127.0.0.1:\(broker.port)"))
        #expect(await renew(address) == nil)
        let free = try #require(UnitIdentity.Broker("127.0.0.1:\(try LoopbackPort.free())"))
        #expect(await renew(free) == "handshake.broker")
        let last = try identity.certificate(.device).leaf.serial
        let stranger = try IdentityBench()
        let foreign = try IdentityBroker(stranger, try stranger.authority("Somebody"))
        let foreignPlace = try #require(UnitIdentity.Broker("localhost:\(foreign.port)"))
        #expect(await renew(foreignPlace) == "handshake.broker")
        let signed = try authority.sign(SigningOrder(request: identity.request(.device), name: "a"), now: bench.now)
        _ = try authority.revoke(signed.chain.leaf.serial.description, reason: .superseded, now: bench.now)
        try broker.reloadList()
        let refused = await laterFailureCode {
            try await identity.install(.device, chain: signed.chain.pem(), broker: place, now: bench.now)
        }
        #expect(refused == "handshake.broker")
        #expect(try identity.certificate(.device).leaf.serial == last)
        #expect(try SmallFile.names(in: identity.directory).allSatisfy { !$0.hasSuffix(".new") })
    }

    @Test(
        "the place of a broker is a host and a port",
        arguments: [
            ("fleet.example:8884", "fleet.example:8884"), ("fleet.example", "fleet.example:8883"),
            ("192.168.1.2:1", "192.168.1.2:1"), ("[fd00::1]:8883", "[fd00::1]:8883"), ("fd00::1", "[fd00::1]:8883"),
            ("[fd00::1]", "[fd00::1]:8883"), ("", nil), (":8883", nil), ("a:0", nil), ("a:65536", nil), ("a:b", nil),
            ("a b", nil), ("[fd00::1", nil), ("mqtts://a", nil), ("[a]b", nil),
        ] as [(String, String?)])
    func places(text: String, expected: String?) {
        #expect(UnitIdentity.Broker(text)?.description == expected)
    }
}
