import Bench
import Foundation
import Testing

/// The relays, broken for real: who owns their lines, what he goes by, and the lines themselves.
@Suite("Diagnose: relays", .bench)
struct DiagnoseRelayTests {
    private static let site =
        Patient.site + """
            relays:
              - { id: router, line: GPIO17, contact: nc, active: low, boot: on, restore: 30m,
                  watchdog: { ping: [gateway], every: 10s, failures: 30, off_for: 2s, attempts: 1, then_every: 6h } }
              - { id: strobe, line: GPIO27, boot: off, schedule: ["03:00..03:01: on"] }
              - { id: lamp, expander: { bus: 1, address: 0x20, pin: GPA0 }, boot: on }

            """

    private static let chip = "/sys/kernel/config/sitesim/i2c/1/mcp23017@20"
    private static let zone = "/usr/share/zoneinfo/America/Denver"

    static let faults: [Fault] = [
        Fault(
            "the owner of the relays is stopped", mends: "services.units picli-relays.service", isQuick: true,
            run: "systemctl stop picli-relays"),
        Fault(
            "the owner of the relays hangs", "relays.owner", isQuick: true,
            run: "kill -STOP $(systemctl show -P MainPID picli-relays)",
            undo: "kill -CONT $(systemctl show -P MainPID picli-relays)"),
        Fault(
            "another program has taken a relay's line", "relays.lines strobe", isQuick: true,
            run:
                """
                systemctl stop picli-relays
                systemd-run -q --unit thief gpioset -m signal pinctrl-bcm2711 27=1
                until gpioinfo pinctrl-bcm2711 | grep -q 'GPIO27.*gpioset'; do sleep 0.2; done
                systemctl start picli-relays
                """, undo: "systemctl stop thief"),
        Fault(
            "the board's chip of lines is gone", "relays.lines router", "relays.lines strobe",
            cause: { try await $0.bench.lines.connect(false) }, cure: { try await $0.bench.lines.connect(true) }),
        Fault(
            "the relays' expander has no supply", "relays.lines lamp", isQuick: true, run: "echo nack > \(chip)/fault",
            undo: "echo 1 > \(chip)/power_cycle; echo none > \(chip)/fault"),
        Fault(
            "a relay's output has a short", "relays.lines lamp", run: "echo 1 > \(chip)/shorts",
            undo: "echo 0 > \(chip)/shorts"),
        Fault(
            "the I²C clock is held low, and takes an expander along", "buses.i2c i2c-1",
            run: "echo 1 > /sys/kernel/config/sitesim/i2c/1/stuck",
            undo: "echo 0 > /sys/kernel/config/sitesim/i2c/1/stuck"),
        Fault(
            "the card takes no notes of the relays", "relays.card",
            run:
                """
                systemctl stop picli-relays; mount -t tmpfs -o ro none /var/lib/picli-relays
                systemctl start picli-relays
                """,
            undo: "systemctl stop picli-relays; umount /var/lib/picli-relays; systemctl start picli-relays"),
        Fault(
            "the file of the time zone is lost", "relays.zone",
            run:
                """
                systemctl stop picli-relays; rm -f /run/picli-relays/timezone; mv \(zone) /run/kept.zone
                systemctl start picli-relays
                """, undo: "mv /run/kept.zone \(zone); systemctl reload picli-relays"),
        Fault(
            "the site file was changed, and the relays have not read it", mends: "relays.site", isQuick: true,
            run: "sed -i 's/id: strobe/id: beacon/' /etc/picli/site.yaml",
            rest: "sed -i 's/id: beacon/id: strobe/' /etc/picli/site.yaml; systemctl reload picli-relays"),
        Fault(
            // Its power is its cable.
            "somebody has switched the router off", mends: "relays.power router", isQuick: true,
            run: "picli relay off router && ip link set router down", rest: "ip link set router up"),
        Fault(
            "somebody has left a watchdog switched off", mends: "relays.watchdog router", isQuick: true,
            run: "picli relay watchdog router off"),
        Fault(
            "a relay is switched again and again", "relays.chatter strobe",
            cause: { patient in
                let relays = RelayBench(bench: patient.bench)
                for _ in 0..<61 {
                    for command in ["on", "off"] { try await relays.command("strobe", #"{"do":"\#(command)"}"#) }
                }
            }, cure: { _ in }),
    ]

    @Test("each is named first, and nothing else is found")
    func faults() async throws {
        try await Bench.resume(limit: .seconds(1200)) { bench in
            let patient = try await Patient.healthy(bench, site: Self.site) { bench in
                _ = try await bench.i2c.plug(SimulatedMCP23017.self, at: 0x20)
                try await bench.run("systemctl start picli-relays")
            }
            try await FaultRound.run(Self.faults, on: patient)
        }
    }
}
