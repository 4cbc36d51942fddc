import Appliance
import Hardware
import Platform
import Provision
import Site

/// The self-test of a unit: on a mounted card only what its files tell.
struct UnitSelfTest {
    let root: SystemRoot
    let site: SiteFile
    let identity: UnitIdentity
    /// The firmware has not read its new settings yet: sensors cannot be there.
    var waitsForReboot = false

    func run() async -> SelfTest {
        let earliest = BuildStamp.date * 1000
        let board = root.isLive ? BoardSerial.ofBoard() : nil
        var checks = [
            await SelfTest.identity(identity, board: board, earliest: earliest, now: KernelClock.wall())
        ]
        if let tree = try? BootTree(root: root.isLive ? "" : root.path), tree.config != nil {
            checks.append(SelfTest.boot(tree, for: BootSettings(site)))
        }
        guard root.isLive else {
            return SelfTest(checks + [Self.later("unit", "The rest is tested on the unit itself.")])
        }
        checks.append(SelfTest.clock(.now(), earliest: earliest))
        checks += await sensors()
        if site.storage != nil { checks.append(SelfTest.drive()) }
        checks += await SelfTest.neighbours(site.network, with: LinuxCommandRunner())
        if let broker = await SelfTest.broker(site.uplink, identity: identity) { checks.append(broker) }
        return SelfTest(checks)
    }

    private static func later(_ id: String, _ message: String) -> SelfTest.Check {
        SelfTest.Check(id, .skipped, message, hint: "picli provision self-test, on the unit")
    }

    /// Expected against found: every sensor of the site file gives a value.
    private func sensors() async -> [SelfTest.Check] {
        let expected = site.sensors.filter(\.isEnabled)
        guard !expected.isEmpty else { return [] }
        guard !waitsForReboot else {
            return [Self.later("sensors", "The buses of the sensors are there after the next start.")]
        }
        let readings = await SensorProbe(expected, on: .linux()).readings(at: .shown)
        return expected.map { sensor in
            let own = readings.filter { $0.metric.subject == sensor.id }
            let id = "sensor.\(sensor.id)"
            if let first = own.first, let value = first.value {
                let shown = Numeral.scaled(value, first.metric.unit)
                return SelfTest.Check(id, .passed, "\(sensor.name) says \(shown.value) \(shown.unit).")
            }
            let reason = own.compactMap { $0.noData?.detail }.first ?? "it gives no value"
            return SelfTest.Check(
                id, .failed, "\(sensor.name) (\(sensor.chip.word) at \(sensor.chip.place)): \(reason).",
                hint: "picli sensors scan")
        }
    }
}
