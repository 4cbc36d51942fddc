import NAS
import Testing

@testable import Appliance

@Suite("How hard the drive has it")
struct DriveStrainTests {
    private static let minute: Int64 = 60_000
    private var strain = DriveStrain()

    private func counters(
        errors: UInt64 = 0, damage: UInt64? = nil, busy: UInt64 = 0, writes: UInt64 = 0, writing: UInt64 = 0,
        sequence: String = "9"
    ) -> DriveCounters {
        DriveCounters(
            disk: "sda", sequence: sequence, errors: errors, fileSystemErrors: damage, busy: busy, writes: writes,
            writing: writing)
    }

    @Test("what was counted while it was plugged in is no error; later ones are told, then only ten times as many")
    mutating func errors() {
        #expect(strain.look(counters(errors: 2), at: 0).changes == [])
        #expect(strain.look(counters(errors: 3), at: 1).changes == [.errors(disk: "sda", count: 1)])
        #expect(strain.look(counters(errors: 9), at: 2).changes == [])
        let later = strain.look(counters(errors: 12), at: 3)
        #expect(later.changes == [.errors(disk: "sda", count: 10)] && later.figures.errors == 10)
        // Another drive has a count of its own.
        let other = strain.look(counters(errors: 2, sequence: "10"), at: 4)
        #expect(other.changes == [] && other.figures.errors == 0 && other.figures.busy == nil)
    }

    @Test("errors that the file system meets are told")
    mutating func damage() {
        #expect(strain.look(counters(damage: 5), at: 0).changes == [])
        #expect(strain.look(counters(damage: 6), at: 1).changes == [.damage(disk: "sda", count: 1)])
        #expect(strain.look(counters(damage: nil), at: 2).changes == [])
    }

    @Test("what a write takes, and how busy the drive is, since the last look")
    mutating func figures() {
        #expect(strain.look(counters(busy: 100, writes: 10, writing: 50), at: 0).figures.write == nil)
        let figures = strain.look(counters(busy: 30_100, writes: 30, writing: 2050), at: Self.minute).figures
        #expect(figures.busy == 0.5 && figures.write == 0.1)
        let idle = strain.look(counters(busy: 30_100, writes: 30, writing: 2050), at: 2 * Self.minute).figures
        #expect(idle.busy == 0 && idle.write == nil)
    }

    @Test("a drive whose writes take five times as long as in its best hour is told, once")
    mutating func falling() {
        var (writes, writing): (UInt64, UInt64) = (0, 0)
        var changes: [DriveStrain.Change] = []
        // Milliseconds of a write, hour by hour; in the third next to nothing was written.
        for (hour, took) in [40, 30, 900, 200, 210, 40].enumerated() {
            let time = Int64(hour) * 60 * Self.minute
            changes += strain.look(counters(writes: writes, writing: writing), at: time).changes
            let count: UInt64 = hour == 2 ? 10 : 1000
            writes += count
            writing += count * UInt64(took)
        }
        changes += strain.look(counters(writes: writes, writing: writing), at: 6 * 60 * Self.minute).changes
        #expect(changes == [.falling(disk: "sda", from: 30, to: 200)])
    }

    @Test("a drive that answers nothing while commands wait hangs; one that is idle does not")
    mutating func hung() {
        func counters(_ answered: UInt64, _ waiting: UInt64) -> DriveCounters {
            DriveCounters(disk: "sda", sequence: "9", waiting: waiting, answered: answered)
        }
        #expect(strain.look(counters(5, 0), at: 0).changes == [])
        #expect(strain.look(counters(5, 0), at: 1).changes == [])
        #expect(strain.look(counters(6, 2), at: 2).changes == [])
        #expect(strain.look(counters(6, 3), at: 3).changes == [.hung])
        #expect(strain.look(counters(6, 3), at: 4).changes == [])
        #expect(strain.look(counters(7, 2), at: 5).changes == [.answers(disk: "sda")])
    }

    @Test("ten minutes without a pause are too slow; a burst is not, and it is told when that is over")
    mutating func slow() {
        var changes: [DriveStrain.Change] = []
        func busy(_ minute: Int64) -> UInt64 { UInt64(min(minute, 30) * Self.minute) }
        for minute: Int64 in 0...60 {
            changes += strain.look(counters(busy: busy(minute)), at: minute * Self.minute).changes
            if minute == 8 { #expect(changes == []) }
            if minute == 12 { #expect(changes == [.slow(disk: "sda", share: 1)]) }
        }
        #expect(changes == [.slow(disk: "sda", share: 1), .eased(disk: "sda")])
    }
}
