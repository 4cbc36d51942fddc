import Platform
import TestSupport
import Testing

@testable import NAS

@Suite("What a drive is worth")
struct DriveProbeTests {
    @Test("a good one gives back what it was given, and nothing of the try is left")
    func good() throws {
        let folder = TemporaryDirectory()
        let result = try DriveProbe(in: folder.path, most: 80 << 20, setsRoomAside: true).run(seed: 7)
        #expect(result.wrong == 0 && result.blocks == 64)
        #expect(result.span > 64 << 20 && result.span <= 80 << 20)
        #expect(result.writing > 0 && result.reading > 0)
        #expect(try SmallFile.names(in: folder.path).isEmpty)
    }

    @Test("where there is no room, it says so")
    func noRoom() {
        let folder = TemporaryDirectory()
        #expect(throws: Failure.self) {
            try DriveProbe(in: folder.path, most: 1 << 20, setsRoomAside: true).run(seed: 7)
        }
        #expect(throws: SystemError.self) {
            try DriveProbe(in: folder.path + "/none", setsRoomAside: true).run(seed: 7)
        }
    }

    @Test("every block is another one, and other ones each time")
    func content() {
        let block = DriveProbe.content(1, 0)
        #expect(block.count == 1 << 20)
        #expect(block != DriveProbe.content(1, 1) && block != DriveProbe.content(2, 0))
        #expect(block == DriveProbe.content(1, 0))
    }
}
