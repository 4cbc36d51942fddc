import Platform
import Synchronization
import Testing

@Suite("Alarms of a blocking executor")
struct AlarmTests {
    private final class Marks: Sendable {
        let all = Mutex<[Duration]>([])
    }

    private func wait(until condition: () -> Bool) async throws {
        for _ in 0..<1000 where !condition() { try await Task.sleep(for: .milliseconds(2)) }
        #expect(condition())
    }

    @Test("an alarm goes off once, at its moment, not before")
    func moment() async throws {
        let executor = BlockingExecutor(name: "alarm")
        let marks = Marks()
        var late: [Duration] = []
        for _ in 0..<10 {
            let time = KernelClock.monotonic() + .milliseconds(30)
            let count = marks.all.withLock { $0.count }
            executor.setAlarm(at: time) { marks.all.withLock { $0.append(KernelClock.monotonic()) } }
            try await wait { marks.all.withLock { $0.count } > count }
            late.append((marks.all.withLock { $0.last } ?? .zero) - time)
        }
        #expect(late.allSatisfy { $0 >= .zero })
        // One may meet a moment at which the machine does something else.
        #expect(late.sorted()[8] < .milliseconds(5), "\(late)")
        #expect(marks.all.withLock { $0.count } == 10)
    }

    @Test("a later alarm takes the place of an earlier one, nil takes it away, and one that is past goes off at once")
    func replaced() async throws {
        let executor = BlockingExecutor(name: "alarm")
        let marks = Marks()
        executor.setAlarm(at: KernelClock.monotonic() + .milliseconds(20)) {
            marks.all.withLock { $0.append(.seconds(1)) }
        }
        executor.setAlarm(at: KernelClock.monotonic() + .milliseconds(30)) {
            marks.all.withLock { $0.append(.seconds(2)) }
        }
        try await wait { !marks.all.withLock { $0.isEmpty } }
        #expect(marks.all.withLock { $0 } == [.seconds(2)])
        executor.setAlarm(at: KernelClock.monotonic() + .milliseconds(20)) {
            marks.all.withLock { $0.append(.seconds(3)) }
        }
        executor.setAlarm(at: nil)
        try await Task.sleep(for: .milliseconds(60))
        executor.setAlarm(at: .zero) { marks.all.withLock { $0.append(.seconds(4)) } }
        try await wait { marks.all.withLock { $0.count } == 2 }
        #expect(marks.all.withLock { $0 } == [.seconds(2), .seconds(4)])
    }
}
