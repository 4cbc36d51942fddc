import Site
import Testing

@testable import Appliance

@Suite("Rules on readings")
struct RuleDeciderTests {
    private static let fan = """
        site: { name: Rules }
        sensors: [{ id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }]
        inputs: [{ id: door, line: GPIO23 }]
        relays:
          - { id: fan, line: GPIO22, rules: [{ when: "enclosure > 45 °C", clear: "< 40", for: 1m, set: on }] }
        """

    private static func decider(_ text: String = fan) throws -> RuleDecider {
        RuleDecider(try #require(SiteFile.parse(text).value).relays)
    }

    private static let enclosure = Metric("enclosure", .temperature, unit: .celsius)

    /// A reading of so many seconds after boot.
    private static func batch(
        _ seconds: Int64, _ outcome: Double?, of metric: Metric = enclosure, interval: Duration = .seconds(10)
    ) -> ReadingBatch {
        let time = Timestamp(wall: seconds * 1000, boot: 1, monotonic: seconds * 1000, isTrusted: true)
        let reading =
            outcome.map { Reading(metric, at: time, value: $0) }
            ?? Reading(metric, at: time, noData: NoData(.timeout))
        return ReadingBatch(time: time, interval: interval, readings: [reading])
    }

    /// What is wished at which of the readings, ten seconds apart: by position, as `on`, `off` or `ended`.
    private static func story(_ values: [Double?], _ text: String = fan) throws -> [Int: String] {
        var decider = try decider(text)
        var told: [Int: String] = [:]
        for (index, value) in values.enumerated() {
            for wish in decider.observe(batch(Int64(index) * 10, value)) {
                told[index] = wish.state?.rawValue ?? "ended"
            }
        }
        return told
    }

    @Test("it holds after its time, and ends at the other threshold")
    func hysteresis() throws {
        let hot = [Double?](repeating: 46, count: 7)
        #expect(try Self.story([30] + hot + [44, 41, 40, 39.9, 44]) == [0: "ended", 7: "on", 11: "ended"])
    }

    @Test("a value below begins the time anew")
    func interruption() throws {
        let values: [Double?] = [46, 46, 46, 44, 46, 46, 46, 46, 46, 46, 46]
        #expect(try Self.story([30] + values) == [0: "ended", 11: "on"])
    }

    @Test("no data neither brings it about nor ends it, and breaks into the time that it must hold")
    func noData() throws {
        let hot = [Double?](repeating: 46, count: 7)
        #expect(try Self.story([30, nil, nil, nil, nil, nil, nil, nil, nil, nil]) == [0: "ended"])
        #expect(try Self.story([30, 46, 46, nil] + hot) == [0: "ended", 10: "on"])
        #expect(try Self.story([30] + hot + [nil, nil, nil, 39]) == [0: "ended", 7: "on", 11: "ended"])
    }

    @Test("after a start nothing is said between the thresholds, and without readings")
    func start() throws {
        #expect(try Self.story([nil, 43, 44, nil]) == [:])
        #expect(try Self.story([43, 39]) == [1: "ended"])
        #expect(try Self.story([43] + [Double?](repeating: 50, count: 7)) == [7: "on"])
    }

    @Test("the time runs between readings, but not longer than a reading stands for")
    func timer() throws {
        var decider = try Self.decider()
        _ = decider.observe(Self.batch(0, 30))
        _ = decider.observe(Self.batch(10, 50, interval: .seconds(60)))
        #expect(decider.due == 70_000)
        let early = decider.pass(to: 69_999)
        #expect(early.isEmpty)
        let due = decider.pass(to: 70_000)
        #expect(due.map(\.state) == [.on])
        var silent = try Self.decider()
        _ = silent.observe(Self.batch(0, 30))
        _ = silent.observe(Self.batch(10, 50))
        let late = silent.pass(to: 70_000)
        #expect(late.isEmpty, "the sensor has fallen silent long before")
        #expect(silent.due == nil)
    }

    @Test("a contact switches at once")
    func contact() throws {
        let text = Self.fan.replacing(
            "{ when: \"enclosure > 45 °C\", clear: \"< 40\", for: 1m, set: on }",
            with: "{ when: door on, set: on }")
        var decider = try Self.decider(text)
        let door = Metric(Metric.input, .state, instance: "door", unit: .none)
        let told = [0, 1, 1, 0].enumerated().map { index, value in
            decider.observe(Self.batch(Int64(index), Double(value), of: door))
        }
        #expect(told.map { $0.map(\.state) } == [[nil], [.on], [], [nil]])
        #expect(told[1] == [.init(relay: "fan", state: .on, reason: "input.state@door == 1")])
        let again = decider.repeated(["fan"])
        #expect(again.map(\.state) == [nil])
        let other = decider.repeated(["lamp"])
        #expect(other.isEmpty)
    }

    @Test("of two rules that hold the first counts, and the second when that ends")
    func order() throws {
        func rule(_ threshold: Double, _ state: RelayState) -> RelayRule {
            let metric = MetricReference(subject: "enclosure", quantity: .temperature)
            return RelayRule(when: Condition(metric: metric, test: .compare(.above, threshold, .celsius)), state: state)
        }
        var decider = RuleDecider([
            RelayConfiguration(id: "fan", output: .line(22), rules: [rule(60, .off), rule(45, .on)])
        ])
        let told = [30, 50, 61, 50, 30].enumerated().map { index, value in
            decider.observe(Self.batch(Int64(index) * 10, Double(value))).map(\.state)
        }
        #expect(told == [[nil], [.on], [.off], [.on], [nil]])
    }

    @Test("absence itself can be a reason, but not that of a sensor that is switched off")
    func absence() throws {
        let text = Self.fan.replacing(
            "{ when: \"enclosure > 45 °C\", clear: \"< 40\", for: 1m, set: on }",
            with: "{ when: enclosure no data, for: 30s, set: on }")
        #expect(try Self.story([20, nil, nil, nil, nil, 20], text) == [0: "ended", 4: "on", 5: "ended"])
        var decider = try Self.decider(text)
        let time = Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: true)
        let disabled = Reading(Self.enclosure, at: time, noData: NoData(.disabled))
        let nothing = decider.observe(ReadingBatch(time: time, interval: .seconds(10), readings: [disabled]))
        #expect(nothing.isEmpty && decider.due == nil)
    }
}
