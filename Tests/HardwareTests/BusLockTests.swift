import Foundation
import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Hardware

/// Two programs, or two descriptors of one, at the same bus.
@Suite("One bus, two programs", .timeLimit(.minutes(1)))
struct BusLockTests {
    private let folder: String

    init() throws {
        folder = "/tmp/picli-lock-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: "\(folder)/i2c-1"))
    }

    private func bus() -> LinuxI2CBus { LinuxI2CBus(number: 1, dev: folder) }

    @Test("a reading waits for that of another program, and not for ever; a failed transfer keeps the lock")
    func exclusive() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (mine, other) = (bus(), bus())
        var error: HardwareError?
        try mine.exclusively { () throws(HardwareError) in
            // This file is no bus: the transfer fails, and the bus gives up its open file.
            #expect(throws: HardwareError.self) { try mine.transfer(to: 0x48, write: [], read: 1) }
            let before = other.now
            error = #expect(throws: HardwareError.self) { try other.exclusively { () throws(HardwareError) in } }
            #expect(other.now - before >= LinuxI2CBus.patience)
        }
        #expect(error?.kind == .busError)
        #expect(error?.sentence.hasPrefix("another program has held \(folder)/i2c-1 for 2 s") == true)
        // Released: at once.
        let before = other.now
        try other.exclusively { () throws(HardwareError) in }
        #expect(other.now - before < .seconds(1))
    }

    @Test("a reading within a reading is one, and ends with the outer one")
    func nested() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (mine, other) = (bus(), bus())
        try mine.exclusively { () throws(HardwareError) in
            try mine.exclusively { () throws(HardwareError) in }
            #expect(throws: HardwareError.self) { try other.exclusively { () throws(HardwareError) in } }
        }
        try other.exclusively { () throws(HardwareError) in }
    }

    @Test("one that waits gets its turn between the readings in a row of another")
    func turns() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let other = Buses.linux(dev: folder).i2c(1)
        let reader = Reader()
        // On a thread of its own, which this test does not take from it.
        let reading = Task {
            try await other.run(within: .seconds(50)) { bus in
                while !reader.isOver.load(ordering: .relaxed) {
                    try bus.exclusively { () throws(HardwareError) in _ = usleep(20_000) }
                    reader.count.add(1, ordering: .relaxed)
                }
            }
        }
        while reader.count.load(ordering: .relaxed) < 3 { try await Task.sleep(for: .milliseconds(5)) }
        let waiting = bus()
        for _ in 0..<20 { try waiting.exclusively { () throws(HardwareError) in } }
        reader.isOver.store(true, ordering: .relaxed)
        try await reading.value
    }

    /// What a reader without a pause between its readings has done.
    private final class Reader: Sendable {
        let isOver = Atomic(false)
        let count = Atomic(0)
    }
}
