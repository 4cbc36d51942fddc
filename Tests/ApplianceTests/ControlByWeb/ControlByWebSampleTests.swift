import Site
import TestSupport
import Testing

@testable import Appliance

@Suite("The documents of a real X-410, from a site file, byte by byte")
struct ControlByWebSampleTests {
    private static let site = """
        site: { name: X-410, timezone: America/Phoenix, latitude: 33.45, longitude: -112.07 }
        sensors:
          - { id: probe, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: supply, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
        relays: [ { id: lamp, line: GPIO27 } ]
        inputs: [ { id: door, line: GPIO23, counter: false, on_time: false } ]
        compatibility:
          controlbyweb:
            profile: x410
            allow: [192.168.1.20/32]
            sensors: [probe]
            vin: supply
            registers: [setpoint]
        """

    /// What clients get, with all that the unit has measured, at a time in seconds.
    private func document(_ file: ControlByWebFile, at seconds: Int64, serial: String) async throws
        -> ControlByWebDocument
    {
        let result = SiteFile.parse(Self.site)
        let site = try #require(result.value, "\(result.diagnostics)")
        let configuration = try #require(site.compatibility.controlByWeb)
        let time = Timestamp(wall: seconds * 1000, boot: 1, monotonic: 50_000, isTrusted: true)
        let owner = StagedOwner(["lamp": .on])
        let relays = RelayDesk(
            site.relays, owner: owner, audit: { _ in }, now: { time }, logger: ControlByWebFixture.logger)
        await relays.connected(try await owner.overview())
        let zone = try #require(LocalZone.named(site.site.timezone))
        let folder = TemporaryDirectory()
        let memory = ControlByWebMemory("\(folder.path)/kept.json", logger: ControlByWebFixture.logger)
        let desk = ControlByWebDesk(
            ControlByWebBox(site, configuration), relays: relays, memory: memory, zone: zone, now: { time })
        let values: [(Metric?, Double)] = [
            (Metric(name: "probe.temperature", unit: .celsius, isSimulated: false), (102.3 - 32) * 5 / 9),
            (Metric(name: "supply.voltage", unit: .volt, isSimulated: false), 27.6),
            (Metric(Metric.input, .state, instance: "door", unit: .none), 0),
        ]
        let readings = try values.map { metric, value in Reading(try #require(metric), at: time, value: value) }
        await desk.observe(ReadingBatch(time: time, interval: .seconds(10), readings: readings))
        return ControlByWebDocument(
            await desk.state, of: desk.box, file: file, serial: serial, place: (33.45, -112.07))
    }

    @Test("state.xml")
    func xml() async throws {
        #expect(
            try await document(.state, at: 9_160_590, serial: "00:0C:C8:05:AA:89").xml == """
                <?xml version="1.0" encoding="utf-8"?>
                <datavalues>
                <digitalInput1>0</digitalInput1>
                <relay1>1</relay1>
                <vin>27.6</vin>
                <register1>0</register1>
                <oneWireSensor1>102.3</oneWireSensor1>
                <utcTime>9160590</utcTime>
                <timezoneOffset>-25200</timezoneOffset>
                <serialNumber>00:0C:C8:05:AA:89</serialNumber>
                </datavalues>

                """)
    }

    @Test("state.json")
    func json() async throws {
        #expect(
            try await document(.stateJSON, at: 1_559_533_814, serial: "00:0C:C8:04:24:B2").json
                == #"{"digitalInput1":"0","relay1":"1","vin":"27.6","register1":"0","oneWireSensor1":"102.3","lat":"33.450000","long":"-112.070000","utcTime":"1559533814","timezoneOffset":"-25200","serialNumber":"00:0C:C8:04:24:B2","minRecRefresh":"3"}"#
        )
    }
}
