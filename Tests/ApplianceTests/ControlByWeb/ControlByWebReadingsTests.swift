import Platform
import Site
import TestSupport
import Testing

@testable import Appliance

@Suite("What a ControlByWeb box counts and keeps")
struct ControlByWebReadingsTests {
    private static func time(_ seconds: Double) -> Timestamp {
        Timestamp(wall: 0, boot: 1, monotonic: Int64(seconds * 1000), isTrusted: true)
    }

    private static func batch(_ seconds: Double, isOn: Bool, count: Double, total: Double) -> ReadingBatch {
        let values: [(Quantity, Double)] = [(.state, isOn ? 1 : 0), (.count, count), (.onTime, total)]
        return ReadingBatch(
            time: time(seconds), interval: .seconds(10),
            readings: values.map { quantity, value in
                Reading(
                    Metric(Metric.input, quantity, instance: "door", unit: .none), at: time(seconds), value: value)
            })
    }

    @Test("the present time that an input is on, or the last one, and all of them")
    func times() throws {
        var readings = ControlByWebReadings(try ControlByWebFixture.box(.x410))
        #expect(readings.state(of: "door", at: 0) == nil && readings.onTime(of: "door", at: 0) == nil)
        readings.observe(Self.batch(10, isOn: false, count: 3, total: 100))
        #expect(readings.state(of: "door", at: 10_000) == false && readings.count(of: "door", at: 10_000) == 3)
        #expect(readings.onTime(of: "door", at: 15_000) == 0 && readings.total(of: "door", at: 15_000) == 100)
        readings.observe(Self.batch(20, isOn: true, count: 4, total: 100))
        #expect(readings.onTime(of: "door", at: 22_500) == 2.5 && readings.total(of: "door", at: 22_500) == 102.5)
        readings.observe(Self.batch(30, isOn: true, count: 4, total: 110))
        #expect(readings.onTime(of: "door", at: 30_000) == 10)
        readings.setOnTime(of: "door", 0, at: 31_000)
        #expect(readings.onTime(of: "door", at: 33_000) == 2 && readings.total(of: "door", at: 33_000) == 113)
        readings.observe(Self.batch(35, isOn: false, count: 4, total: 115))
        #expect(readings.onTime(of: "door", at: 60_000) == 4 && readings.total(of: "door", at: 60_000) == 115)
        readings.setOnTime(of: "door", 7, at: 61_000)
        #expect(readings.onTime(of: "door", at: 64_000) == 7)
    }

    @Test("what is gone has no value")
    func gone() throws {
        var readings = ControlByWebReadings(try ControlByWebFixture.box(.x410))
        readings.observe(Self.batch(10, isOn: true, count: 3, total: 100))
        readings.observe(
            ReadingBatch(
                time: Self.time(20), interval: .seconds(10),
                readings: [.state, .count, .onTime].map {
                    Reading(
                        Metric(Metric.input, $0, instance: "door", unit: .none), at: Self.time(20),
                        noData: NoData(.busError))
                }))
        #expect(readings.state(of: "door", at: 20_000) == nil && readings.count(of: "door", at: 20_000) == nil)
        #expect(readings.total(of: "door", at: 20_000) == nil && readings.onTime(of: "door", at: 20_000) == nil)
    }

    @Test("what is too old is not told: two readings may be missing, or half a minute")
    func old() throws {
        var readings = ControlByWebReadings(try ControlByWebFixture.box(.x410, ControlByWebFixture.words(.x410)))
        readings.observe(Self.batch(10, isOn: true, count: 3, total: 100))
        #expect(readings.state(of: "door", at: 40_000) == true && readings.total(of: "door", at: 40_000) == 130)
        #expect(readings.state(of: "door", at: 40_001) == nil && readings.count(of: "door", at: 40_001) == nil)
        #expect(readings.total(of: "door", at: 40_001) == nil && readings.onTime(of: "door", at: 40_001) == nil)
        let temperature = try #require(Metric(name: "enclosure.temperature", unit: .celsius, isSimulated: false))
        readings.observe(
            ReadingBatch(
                time: Self.time(10), interval: .seconds(60),
                readings: [Reading(temperature, at: Self.time(10), value: 25)]))
        #expect(readings.value("enclosure.temperature", at: 190_000) == 25)
        #expect(readings.value("enclosure.temperature", at: 190_001) == nil)
    }

    @Test("what clients set is on the card before it is answered, and in a minute when they set it again and again")
    func memory() async throws {
        let folder = TemporaryDirectory()
        let path = "\(folder.path)/controlbyweb.json"
        let memory = ControlByWebMemory(path, logger: ControlByWebFixture.logger)
        memory.change { $0.registers["setpoint"] = 10.5 }
        await memory.keep(at: 1_000)
        #expect(ControlByWebMemory(path, logger: ControlByWebFixture.logger).content.registers == ["setpoint": 10.5])
        memory.change { $0.registers["setpoint"] = 11 }
        await memory.keep(at: 5_000)
        #expect(ControlByWebMemory(path, logger: ControlByWebFixture.logger).content.registers == ["setpoint": 10.5])
        await memory.keep(at: 61_000)
        #expect(ControlByWebMemory(path, logger: ControlByWebFixture.logger).content.registers == ["setpoint": 11])
        memory.change { $0.counts["door"] = -3 }
        await memory.write(at: 61_500)
        #expect(ControlByWebMemory(path, logger: ControlByWebFixture.logger).content == memory.content)
    }

    @Test("of many who write at once, the newest content is on the card at the end")
    func together() async throws {
        let folder = TemporaryDirectory()
        let path = "\(folder.path)/controlbyweb.json"
        let memory = ControlByWebMemory(path, logger: ControlByWebFixture.logger)
        for round in 0..<10 {
            await withDiscardingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        memory.change { $0.registers["setpoint"] = Double(100 * round + number) }
                        await memory.write(at: 0)
                    }
                }
            }
            #expect(ControlByWebMemory(path, logger: ControlByWebFixture.logger).content == memory.content)
        }
    }

    @Test("a damaged file is set aside; one that cannot be written costs nobody the register")
    func damaged() async throws {
        let folder = TemporaryDirectory()
        for text in ["", "{", "[]", #"{"registers":{"a":1e300},"counts":{},"totals":{}}"#, "\u{0}\u{1}"] {
            folder.write(text, to: "kept.json")
            let memory = ControlByWebMemory("\(folder.path)/kept.json", logger: ControlByWebFixture.logger)
            #expect(memory.content == .init(), "\(text)")
            #expect(FileKind(of: "\(folder.path)/kept.json.damaged") != nil)
        }
        let memory = ControlByWebMemory("\(folder.path)/nowhere/kept.json", logger: ControlByWebFixture.logger)
        memory.change { $0.registers["a"] = 1 }
        await memory.keep(at: 0)
        #expect(memory.content.registers == ["a": 1])
    }
}
