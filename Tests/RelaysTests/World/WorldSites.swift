import Platform
import Site

/// Sites whose relays have every rule, in all their mixtures.
enum WorldSites {
    static let zone = LocalZone.named("America/Denver") { ZoneFile.bytes(of: $0) } ?? .utc

    static let all: [SiteFile] = [router, motor, lamps, computer, pumps]

    private static let network = NetworkConfiguration(
        router: RouterConfiguration(address: address("192.168.1.1")),
        cameras: [CameraConfiguration(address: address("192.168.1.3"))], witnesses: ["one.example", "two.example"])

    private static let place = SiteDescription(
        name: "World", timezone: "America/Denver", latitude: 40.7, longitude: -111.9)

    /// A router and a camera with their watchdogs.
    private static let router = SiteFile(
        site: place, network: network,
        relays: [
            RelayConfiguration(
                id: "router", output: .line(17), contact: .normallyClosed, boot: .on, minimumOff: .seconds(10),
                cyclesPerHour: 6,
                watchdog: RelayWatchdog(
                    ping: [.gateway, .witness], witnesses: 2, every: .seconds(30), retry: .seconds(10), failures: 3,
                    offFor: .seconds(15), delay: .seconds(120), attempts: 3, thenEvery: .seconds(7200), perDay: 8)),
            RelayConfiguration(
                id: "camera", output: .line(27), boot: .on, onCrash: .off, minimumOn: .seconds(20),
                watchdog: RelayWatchdog(
                    ping: [.camera], every: .seconds(60), failures: 2, offFor: .seconds(5), delay: .seconds(60),
                    backOff: 1, attempts: 2, perDay: 5)),
        ])

    /// A motor with two directions, and a heater that is never on with either.
    private static let motor = SiteFile(
        site: place,
        relays: [
            RelayConfiguration(id: "up", output: .line(5), interlocks: ["down"]),
            RelayConfiguration(id: "down", output: .line(6), minimumOn: .seconds(2), interlocks: ["up"]),
            RelayConfiguration(
                id: "heater", output: .line(22), boot: .last, minimumOn: .seconds(60), minimumOff: .seconds(30),
                cyclesPerHour: 10, cyclesPerDay: 40, interlocks: ["up", "down"]),
        ])

    /// Two pumps of which one at most runs, and which a crash of the owner turns round.
    private static let pumps = SiteFile(
        site: place,
        relays: [
            RelayConfiguration(
                id: "main", output: .line(5), contact: .normallyClosed, boot: .on, onCrash: .off, interlocks: ["spare"]),
            RelayConfiguration(
                id: "spare", output: .line(6), boot: .last, onCrash: .on, minimumOff: .seconds(5), cyclesPerHour: 8,
                restore: .seconds(90)),
        ])

    /// Lamps by the clock and by the sun.
    private static let lamps = SiteFile(
        site: place,
        relays: [
            RelayConfiguration(
                id: "strobe", output: .line(27), boot: .last, schedule: lines("sunset-10m..sunrise: on")),
            RelayConfiguration(
                id: "sign", output: .line(22), boot: .off, onCrash: .on, cyclesPerDay: 12, restore: .seconds(60),
                schedule: lines("mon-fri 07:00..19:30: on", "sat 09:00: on", "sat 12:00: off")),
        ])

    /// A computer with its two buttons.
    private static let computer = SiteFile(
        site: place, network: network,
        relays: [
            RelayConfiguration(
                id: "power", output: .line(23), cyclesPerDay: 30,
                watchdog: RelayWatchdog(
                    ping: [.host("pc.example")], every: .seconds(20), failures: 2, method: .atx, offFor: .seconds(10),
                    pressAtBoot: true, delay: .seconds(90), attempts: 2, thenEvery: .seconds(3600), perDay: 6)),
            RelayConfiguration(
                id: "reset", output: .line(24), contact: .normallyClosed,
                watchdog: RelayWatchdog(
                    ping: [.host("pc.example"), .gateway], every: .seconds(30), failures: 3, method: .button,
                    delay: .seconds(30), attempts: 1)),
        ])

    private static func address(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { preconditionFailure("a constant") }
        return address
    }

    private static func lines(_ texts: String...) -> [ScheduleEntry] {
        texts.map { text in
            guard let entry = ScheduleEntry(text) else { preconditionFailure("a constant") }
            return entry
        }
    }
}
