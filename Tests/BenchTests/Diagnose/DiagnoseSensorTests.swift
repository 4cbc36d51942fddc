import Bench
import Testing

/// What is wired, broken for real: each fault is named first, and nothing else is found.
@Suite("Diagnose: buses and sensors", .bench)
struct DiagnoseSensorTests {
    private static let wire = "/sys/kernel/config/sitesim/w1/gpio4"
    private static let i2c = "/sys/kernel/config/sitesim/i2c/1"
    private static let probes = Patient.probes

    private static func oneWire(_ fault: String, of probe: Int = 0) -> String {
        "echo \(fault) > \(wire)/\(probes[probe])/fault"
    }

    /// The camera's power monitor is back, at 12 V and 0.75 A.
    private static let powerMonitor =
        "mkdir \(i2c)/ina260@40; echo 12000000 > \(i2c)/ina260@40/bus_voltage; echo 750000 > \(i2c)/ina260@40/bus_current"

    static let faults: [Fault] = [
        Fault(
            // The kernel does not tell it from one that is disturbed, as long as the other one answers.
            "a 1-Wire probe is pulled out", "sensors.answer outside", isQuick: true,
            cause: { try await $0.bench.run("rmdir \(wire)/\(probes[1])") },
            cure: { try await $0.bench.oneWire.plug(probes[1], celsius: 21.5) }),
        Fault(
            "a probe's answers are disturbed", "sensors.answer enclosure", isQuick: true, run: oneWire("crc"),
            undo: oneWire("none")),
        Fault(
            "a probe loses its supply while it measures", "sensors.answer enclosure",
            run: oneWire("power-on"),
            undo: oneWire("none")),
        Fault(
            "the 1-Wire line is shorted to ground", "buses.onewire", isQuick: true,
            run: "echo short > \(wire)/line",
            undo: "echo ok > \(wire)/line"),
        Fault(
            "the 1-Wire line is broken before the first probe", "buses.onewire",
            run: "echo open > \(wire)/line",
            undo: "echo ok > \(wire)/line"),
        Fault(
            "a probe was swapped for another one", "sensors.present outside",
            cause: {
                try await $0.bench.run("rmdir \(wire)/\(probes[1])")
                try await $0.bench.oneWire.plug("28-0000075ff6ff", celsius: 21.5)
            },
            cure: {
                // The kernel would look for it for another two minutes.
                try await $0.bench.run(
                    """
                    rmdir \(wire)/28-0000075ff6ff
                    echo 28-0000075ff6ff > $(echo /sys/bus/w1/devices/w1_bus_master*/w1_master_remove)
                    """)
                try await $0.bench.oneWire.plug(probes[1], celsius: 21.5)
            }),
        Fault(
            "an I²C chip is pulled out", "sensors.present camera-power", isQuick: true,
            run: "rmdir \(i2c)/ina260@40",
            undo: powerMonitor),
        Fault(
            "an I²C chip does not acknowledge", "sensors.present air",
            run: "echo nack > \(i2c)/bme280@76/fault",
            undo: "echo none > \(i2c)/bme280@76/fault"),
        Fault(
            "all I²C chips are gone at once", "buses.i2c i2c-1",
            run: "for c in ina260@40 ads1115@48 bme280@76; do echo nack > \(i2c)/$c/fault; done",
            undo: "for c in ina260@40 ads1115@48 bme280@76; do echo none > \(i2c)/$c/fault; done"),
        Fault(
            "the I²C clock is held low", "buses.i2c i2c-1", isQuick: true, run: "echo 1 > \(i2c)/stuck",
            undo: "echo 0 > \(i2c)/stuck"),
        Fault(
            "a driver of the kernel holds a chip", "sensors.driver battery", isQuick: true,
            run: "modprobe ti-ads1015 && echo ads1115 0x48 > /sys/bus/i2c/devices/i2c-1/new_device",
            undo: "echo 0x48 > /sys/bus/i2c/devices/i2c-1/delete_device"),
        Fault(
            "another chip sits at an address", "sensors.chip camera-power",
            run: "rmdir \(i2c)/ina260@40; mkdir \(i2c)/ina226@40",
            undo: "rmdir \(i2c)/ina226@40; \(powerMonitor)"),
        Fault(
            "a probe measures 120 °C", "sensors.plausible enclosure", isQuick: true,
            run: "echo 120000 > \(wire)/\(probes[0])/temperature",
            undo: "echo 20500 > \(wire)/\(probes[0])/temperature"),
        Fault(
            "the divider of an input is broken", "sensors.plausible battery",
            run: "echo dc 3350000 > \(i2c)/ads1115@48/ain1",
            undo: "echo dc 1150000 > \(i2c)/ads1115@48/ain1"),
        Fault(
            "a chip is wired that the site file does not name", "sensors.unexpected",
            run: "mkdir \(i2c)/ina226@44", undo: "rmdir \(i2c)/ina226@44"),
        Fault(
            "a chip holds the bus whenever it is asked", "sensors.answer air",
            run: "echo timeout > \(i2c)/bme280@76/fault",
            undo: "echo none > \(i2c)/bme280@76/fault"),
        Fault(
            "a probe's plug is loose", "sensors.contact outside",
            run:
                """
                for turn in 1 2 3 4 5 6; do \(oneWire("mute", of: 1)); sleep 4; \(oneWire("none", of: 1)); sleep 4; done
                sleep 3
                """, undo: "true"),
        Fault(
            "a probe's wire picks up noise", "sensors.noise enclosure",
            run:
                """
                for turn in 1 2 3; do
                  for value in 45000 20500; do echo $value > \(wire)/\(probes[0])/temperature; sleep 4; done
                done; sleep 3
                """, undo: "true"),
    ]

    @Test("each is named first, and nothing else is found")
    func faults() async throws {
        try await Bench.resume(limit: .seconds(1500)) { bench in
            try await FaultRound.run(Self.faults, on: try await Patient.healthy(bench))
        }
    }
}
