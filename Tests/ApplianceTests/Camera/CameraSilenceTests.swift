import Testing

@testable import Appliance

@Suite("A camera that records nothing")
struct CameraSilenceTests {
    private static let hour: Int64 = 3_600_000
    private var silence = CameraSilence()

    private mutating func look(_ newest: [String: Int64], _ habits: [String: Int64] = [:], at now: Int64)
        -> [CameraSilence.Change]
    {
        silence.look(["front", "rear"], newest: newest, habits: habits, at: now)
    }

    @Test("is told once, by its own habit, and again when it is back")
    mutating func habit() {
        let habits = ["front": Self.hour, "rear": 100 * Self.hour]
        #expect(look(["front": 0, "rear": 0], habits, at: 0) == [])
        #expect(look(["front": 0, "rear": 0], habits, at: Self.hour) == [])
        #expect(look(["front": 0], habits, at: Self.hour + 1) == [.silent(camera: "front", since: Self.hour + 1)])
        #expect(look(["front": 0], habits, at: 3 * Self.hour) == [])
        let back = 3 * Self.hour + 5
        #expect(look(["front": back], habits, at: back) == [.back(camera: "front", after: back)])
        #expect(look(["front": back], habits, at: back + Self.hour) == [])
    }

    @Test("that never recorded is told after some hours")
    mutating func never() {
        #expect(look([:], at: 0) == [])
        #expect(look([:], at: CameraSilence.unknownHabit) == [])
        #expect(
            look([:], at: CameraSilence.unknownHabit + 1) == [
                .silent(camera: "front", since: CameraSilence.unknownHabit + 1),
                .silent(camera: "rear", since: CameraSilence.unknownHabit + 1),
            ])
    }

    @Test("is not back because another drive is empty")
    mutating func otherDrive() {
        let habits = ["front": Self.hour, "rear": 1000 * Self.hour]
        #expect(look(["front": 0], habits, at: 0) == [])
        #expect(look(["front": 0], habits, at: 2 * Self.hour) == [.silent(camera: "front", since: 2 * Self.hour)])
        silence.cannotRecord()
        #expect(look([:], habits, at: 3 * Self.hour) == [])
        let back = 4 * Self.hour
        #expect(look(["front": back], habits, at: back) == [.back(camera: "front", after: Self.hour)])
    }

    @Test("has time from when a drive is there, and a clock that is ahead does no harm")
    mutating func noDrive() {
        let habits = ["front": Self.hour]
        #expect(look(["front": 0], habits, at: 0) == [])
        silence.cannotRecord()
        #expect(look(["front": 0], habits, at: 50 * Self.hour) == [])
        #expect(look(["front": 0], habits, at: 51 * Self.hour) == [])
        #expect(look(["front": 90 * Self.hour], habits, at: 52 * Self.hour) == [])
    }
}
