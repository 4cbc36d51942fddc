import Site
import Testing

@Suite("Relays of a site file, where it says nothing")
struct RelayDefaultTests {
    private static func relays(_ lines: String...) throws -> [RelayConfiguration] {
        let text = "site: { name: A }\nrelays:\n" + lines.map { "  - { \($0) }\n" }.joined()
        return try #require(SiteFile.parse(text).value).relays
    }

    @Test(
        "a pulse is as long as the minimum time of its state",
        arguments: [
            ("boot: on, contact: nc, minimum_off: 10s, minimum_on: 1m", 10_000),
            ("minimum_on: 10s, minimum_off: 1m", 10_000),
            ("boot: last, minimum_on: 10s, minimum_off: 1m", 60_000), ("minimum_on: 1s", 1500),
            ("minimum_off: 10m", 1500), ("minimum_on: 10s, pulse: 20s", 20_000),
        ])
    func pulse(keys: String, milliseconds: Int) throws {
        let relay = try #require(try Self.relays("id: a, line: GPIO22, \(keys)").first)
        #expect(relay.pulse == .milliseconds(milliseconds))
        let built = RelayConfiguration(
            id: "a", output: .line(22), contact: relay.contact, boot: relay.boot, minimumOn: relay.minimumOn,
            minimumOff: relay.minimumOff, pulse: keys.contains("pulse") ? relay.pulse : nil)
        #expect(built == relay)
    }

    @Test("an interlock is there both ways, whichever relay names it, and once")
    func interlocks() throws {
        let relays = try Self.relays(
            "id: open, line: GPIO22, interlocks: [close]", "id: close, line: GPIO23",
            "id: lock, line: GPIO24, interlocks: [open, close]")
        #expect(relays.map(\.interlocks) == [["close", "lock"], ["open", "lock"], ["open", "close"]])
    }

    @Test("hosts have one spelling each")
    func hosts() throws {
        let relay = try #require(
            try Self.relays("id: a, line: GPIO22, watchdog: { ping: [Fleet.EXAMPLE, 'FD00:0::1', 192.0.2.1] }").first)
        #expect(relay.watchdog?.ping == [.host("fleet.example"), .host("fd00::1"), .host("192.0.2.1")])
    }
}
