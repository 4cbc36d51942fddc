import Site
import Testing

@testable import Appliance

@Suite("Sensor health")
struct SensorHealthTests {
    /// Plays collections at an interval, `+` a value, `-` none, `x` disabled; gives each change with its collection.
    private func play(_ story: String, every seconds: Int64) -> [String] {
        var health = SensorHealth()
        var changes: [String] = []
        for (index, step) in story.enumerated() {
            let time = Timestamp(wall: 0, boot: 1, monotonic: Int64(index) * seconds * 1000, isTrusted: false)
            let metric = Metric("s", .temperature, unit: .celsius)
            let reading =
                switch step {
                case "+": Reading(metric, at: time, value: 1)
                case "x": Reading(metric, at: time, noData: NoData(.disabled))
                default: Reading(metric, at: time, noData: NoData(.timeout))
                }
            for (_, change) in health.observe([reading], at: time) {
                switch change {
                case .lost: changes.append("lost \(index)")
                case .recovered(let milliseconds): changes.append("recovered \(index) after \(milliseconds / 1000)")
                }
            }
        }
        return changes
    }

    @Test(
        "a change needs three collections in a row, or thirty seconds of them",
        arguments: [
            ("++++++", 1, []),
            ("++-+--+-+", 1, []),
            ("+---", 1, ["lost 3"]),
            ("---", 1, ["lost 2"]),
            ("+---+++", 1, ["lost 3", "recovered 6 after 3"]),
            ("+---++-++-+++", 1, ["lost 3", "recovered 12 after 9"]),
            ("+--++", 10, []),
            ("+--", 30, ["lost 2"]),
            ("+-", 600, []),
            ("+--++", 600, ["lost 2", "recovered 4 after 1200"]),
            ("+xxxxx", 1, []),
            ("+--xx-", 1, ["lost 5"]),
        ] as [(String, Int64, [String])])
    func stories(story: String, seconds: Int64, expected: [String]) {
        #expect(play(story, every: seconds) == expected)
    }

    @Test("each sensor, and each mount of the board, counts for itself")
    func separate() {
        var health = SensorHealth()
        var changes: [(key: SensorHealth.Key, change: SensorHealth.Change)] = []
        for second in 0..<5 {
            let time = Timestamp(wall: 0, boot: 1, monotonic: Int64(second) * 1000, isTrusted: false)
            let free = Quantity(rawValue: "filesystem_free")
            changes += health.observe(
                [
                    Reading(Metric("a", .temperature, unit: .celsius), at: time, value: 1),
                    Reading(Metric("b", .temperature, unit: .celsius), at: time, value: 1),
                    Reading(Metric("b", .humidity, unit: .percent), at: time, noData: NoData(.badChecksum)),
                    Reading(Metric("board", free, instance: "/", unit: .byte), at: time, value: 1),
                    Reading(
                        Metric("board", free, instance: "/srv/camera", unit: .byte), at: time, noData: NoData(.timeout)),
                ], at: time)
        }
        #expect(
            changes.map(\.key) == [
                .init(subject: "b", instance: nil), .init(subject: "board", instance: "/srv/camera"),
            ])
    }
}
