import NAS
import Testing

@testable import Appliance

@Suite("What is told of drives")
struct DriveChangesTests {
    private var changes = DriveChanges()
    private let attached = DriveRecord("sda1", .attached)
    private let refused = DriveRecord("sdb1", .refused, DriveReason("nas.foreign", "/dev/sdb1 is not used."))

    @Test("a drive that comes and goes is told once each; one that was there at the start is no news")
    mutating func comesAndGoes() {
        #expect(changes.look([attached], canRecord: true, at: 0) == [])
        #expect(changes.look([attached], canRecord: true, at: 1) == [])
        #expect(changes.look([], canRecord: false, at: 2) == [.gone(device: "sda1")])
        #expect(changes.look([attached], canRecord: true, at: 3) == [.attached(attached)])
    }

    @Test("one that is refused or only read is told with its reason, also at the start")
    mutating func unusable() {
        let readOnly = DriveRecord("sda1", .readOnly, DriveReason("nas.readOnly", "it is only read"))
        #expect(
            changes.look([refused, readOnly], canRecord: false, at: 0) == [.unusable(refused), .readOnly(readOnly)])
        #expect(changes.look([refused, readOnly], canRecord: false, at: 1) == [])
        // A drive that was refused is gone without a word.
        #expect(changes.look([readOnly], canRecord: false, at: 2) == [])
    }

    @Test("that no camera can record is told after ten minutes, and when they can again")
    mutating func missing() {
        let late = DriveChanges.patience + 5
        #expect(changes.look([], canRecord: false, at: 5) == [])
        #expect(changes.look([], canRecord: false, at: late - 1) == [])
        #expect(changes.look([], canRecord: false, at: late) == [.noDrive(for: DriveChanges.patience)])
        #expect(changes.look([], canRecord: false, at: 2 * late) == [])
        #expect(changes.look([attached], canRecord: true, at: 3 * late) == [.attached(attached), .driveAgain])
        #expect(changes.look([], canRecord: false, at: 4 * late) == [.gone(device: "sda1")])
        #expect(changes.look([attached], canRecord: true, at: 4 * late + 9) == [.attached(attached)])
    }
}
