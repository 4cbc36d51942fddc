import Logging
import Platform
import Relays
import Site
import Synchronization
import Testing

@testable import Appliance

/// A unit with an owner of relays that does as a test says, as other products' clients see it.
final class CompatibilityStage: Sendable {
    static let siteText = """
        site: { name: A }
        network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 } }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: mast, chip: aht20, bus: 1, address: 0x38 }
        relays:
          - { id: router, line: GPIO17, contact: nc, active: low, boot: on }
          - { id: strobe, line: GPIO27 }
          - { id: fan, line: GPIO22 }
        inputs: [ { id: door, line: GPIO23 } ]
        compatibility: { modbus: { profile: x410, allow: [127.0.0.1/32], temperatures: celsius } }
        """

    /// The same with a sensor whose voltage is the supply.
    static let suppliedText =
        siteText
        .replacing(
            "relays:\n",
            with:
                "  - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }\nrelays:\n"
        )
        .replacing("temperatures: celsius", with: "supply: battery, temperatures: celsius")

    private struct Broken: Error {}

    let site: SiteFile
    let configuration: ModbusConfiguration
    let owner: StagedOwner
    let relays: RelayDesk
    let desk: ModbusDesk
    private let log: Log

    /// What the audit log got, and what there is to read.
    private final class Log: Sendable {
        let entries = Mutex<[AuditEntry]>([])
        let registers = Mutex<[String: Double]>(["setpoint": 20.5])
        /// Seconds.
        let time = Mutex<Int64>(0)
        func now() -> Timestamp { RelayDeskTests.time(time.withLock { $0 }) }
        let readings = Mutex<[Reading]?>(CompatibilityStage.readings)
        func latest() throws -> [Reading] {
            let known = readings.withLock { $0 }
            guard let known else { throw Broken() }
            return known
        }
    }

    init(_ text: String = siteText) async throws {
        site = try #require(SiteFile.parse(text).value)
        configuration = try #require(site.compatibility.modbus)
        owner = StagedOwner(["router": .on, "strobe": .off, "fan": .off])
        // The coil of a normally closed contact has no current while its load is on.
        var router = StagedOwner.status("router", .on)
        router.coil = false
        owner.tell(.status(router))
        let log = Log()
        self.log = log
        relays = RelayDesk(
            site.relays, owner: owner, audit: { entries in log.entries.withLock { $0 += entries } },
            now: { RelayDeskTests.time(0) }, logger: RelayDeskTests.logger)
        await relays.connected(try await owner.overview())
        desk = ModbusDesk(
            map: ModbusMap(configuration, of: site), relays: relays, values: ModbusValues(site),
            registers: ModbusRegisters(
                value: { id in log.registers.withLock { $0[id] } },
                set: { id, value, _ in log.registers.withLock { $0.updateValue(value, forKey: id) != nil } }),
            latest: { try log.latest() }, now: { log.now() }, logger: RelayDeskTests.logger)
    }

    /// So many seconds later than the readings.
    func pass(to seconds: Int64) { log.time.withLock { $0 = seconds } }

    func now() -> Timestamp { log.now() }

    var registers: [String: Double] { log.registers.withLock { $0 } }

    func breakReadings() { log.readings.withLock { $0 = nil } }

    /// What the audit log has, once it is written.
    func audited() async -> [AuditEntry] {
        await relays.written()
        return log.entries.withLock { $0 }
    }

    func latest() throws -> [Reading] { try log.latest() }

    private static let readings: [Reading] = {
        let time = RelayDeskTests.time(0)
        return [
            Reading(Metric("enclosure", .temperature, unit: .celsius), at: time, value: 27.6),
            Reading(Metric("mast", .temperature, unit: .celsius), at: time, value: -40.5),
            Reading(Metric("mast", .humidity, unit: .percent), at: time, noData: NoData(.notPresent)),
            Reading(Metric("battery", .voltage, unit: .volt), at: time, value: 12.5),
            Reading(Metric("input", .state, instance: "door", unit: .none), at: time, value: 1),
            Reading(Metric("input", .count, instance: "door", unit: .none), at: time, value: 10),
        ]
    }()

    /// A frame of transaction 1 for unit 255.
    static func frame(_ request: [UInt8], unit: UInt8 = 255, transaction: UInt8 = 1) -> [UInt8] {
        [0, transaction, 0, 0, 0, UInt8(request.count + 1), unit] + request
    }

    func ask(_ request: [UInt8]) async throws -> ModbusAnswer {
        await desk.answer(try #require(ModbusFrame(Self.frame(request))), from: "192.0.2.20")
    }
}
