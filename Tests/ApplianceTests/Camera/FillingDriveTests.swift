import Platform
import Testing

@testable import Appliance
@testable import NAS

@Suite("A drive that fills")
struct FillingDriveTests {
    private static let day: Int64 = 86_400_000
    private static let now: Int64 = 1_780_000_000_000
    private static let retention = Duration.seconds(30 * 86_400)

    /// A drive that is full in so many days, and keeps footage for so many.
    private static func sight(full days: Double, keeps: Int = 20, isFrozen: Bool = false) -> FootageSight {
        var sight = FootageSight(
            isReadOnly: false, space: FileSystemSpace(size: 100, available: 50), isWalking: false, isFrozen: isFrozen)
        sight.outlook = RetentionDecider.Outlook(kept: .seconds(keeps * 86_400), full: now + Int64(days * Double(day)))
        return sight
    }

    private static func look(_ drive: inout FillingDrive, _ sight: FootageSight) -> FillingDrive.Change? {
        drive.look(sight, retention: retention, at: now)
    }

    @Test("is told once, three days before it is full")
    func once() {
        var drive = FillingDrive()
        #expect(Self.look(&drive, Self.sight(full: 9)) == nil)
        #expect(Self.look(&drive, Self.sight(full: 3.5)) == nil)
        #expect(
            Self.look(&drive, Self.sight(full: 3))
                == FillingDrive.Change(left: 3 * Self.day, full: Self.now + 3 * Self.day, stops: false))
        for days in [2.9, 3.1, 1, 0] { #expect(Self.look(&drive, Self.sight(full: days)) == nil) }
        // Another one was put in, and fills in its turn.
        #expect(Self.look(&drive, Self.sight(full: 40)) == nil)
        #expect(Self.look(&drive, Self.sight(full: 2)) != nil)
    }

    @Test("one that keeps what was promised never gets full, and one that is full already is no news")
    func none() {
        var drive = FillingDrive()
        #expect(Self.look(&drive, Self.sight(full: 2, keeps: 31)) == nil)
        #expect(Self.look(&drive, Self.sight(full: 0)) == nil)
        var sight = Self.sight(full: 2)
        sight.outlook = nil
        #expect(Self.look(&drive, sight) == nil)
    }

    @Test("where nothing may be deleted cameras stop, however long footage could be kept")
    func frozen() {
        var drive = FillingDrive()
        #expect(Self.look(&drive, Self.sight(full: 2, keeps: 99, isFrozen: true))?.stops == true)
        var full = FillingDrive()
        #expect(Self.look(&full, Self.sight(full: 0, keeps: 99, isFrozen: true))?.stops == true)
    }
}
