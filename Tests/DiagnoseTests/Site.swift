import Diagnose
import Site

/// A site with everything, and a unit on it of which all is well.
enum Trailer {
    static let text = """
        site: { name: Trailer 42 }
        network:
          unit: 192.168.1.10/24
          interface: eth0
          router: { address: 192.168.1.1 }
          camera: { address: 192.168.1.3 }
          witness: fleet.example
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
          - { id: outside, chip: ds18b20, address: 28-0000075ff6b2 }
          - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
          - { id: camera-power, chip: ina260, bus: 1, address: 0x40 }
        """

    static var file: SiteFile {
        get throws {
            let result = SiteFile.parse(text, file: "site.yaml")
            guard let value = result.value else { throw Unusable(diagnostics: result.diagnostics.map(\.description)) }
            return value
        }
    }

    struct Unusable: Error {
        let diagnostics: [String]
    }

    static func facts() throws -> Facts {
        Facts(
            now: 1_772_366_400_000, earliest: 1_700_000_000_000, version: "0.1.0",
            standing: .running(version: "0.1.0", isSimulated: false), site: .known(try file))
    }

    static func time(_ wall: Int64 = 1_772_366_400_000) -> Timestamp {
        Timestamp(wall: wall, boot: 1, monotonic: 1000, isTrusted: true)
    }

    static func reading(_ sensor: String, _ value: Double, _ quantity: Quantity = .temperature, _ unit: Unit = .celsius)
        -> Reading
    {
        Reading(Metric(sensor, quantity, unit: unit), at: time(), value: value)
    }

    static func absence(_ sensor: String, _ reason: NoData.Reason, _ quantity: Quantity = .temperature) -> Reading {
        Reading(Metric(sensor, quantity, unit: .celsius), at: time(), noData: NoData(reason, "as scripted"))
    }
}

extension Facts {
    /// What one check makes of these facts.
    func judged(_ id: String) -> [Judgement] {
        Catalogue.checks.first { $0.id == id }?.judge(self) ?? []
    }

    /// `fail enclosure`, `ok`.
    func verdicts(_ id: String) -> [String] {
        judged(id).map { judgement in
            ([judgement.verdict.rawValue] + [judgement.subject].compactMap(\.self)).joined(separator: " ")
        }
    }
}
