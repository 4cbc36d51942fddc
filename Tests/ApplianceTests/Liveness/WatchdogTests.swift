import Logging
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance

@Suite("Watchdog", .timeLimit(.minutes(1)))
struct WatchdogTests {
    private let directory = TemporaryDirectory()
    private let bench = CollectionBench()

    private func watchdog(_ receiver: DatagramReceiver, isStoreBehind: @escaping @Sendable () -> Bool = { false })
        throws
        -> Watchdog<ManualClock>
    {
        let environment = ["NOTIFY_SOCKET": receiver.name, "WATCHDOG_USEC": "20000000"]
        return Watchdog(
            notifier: ServiceNotifier(environment: environment), progress: bench.progress,
            shortest: .seconds(1), margin: .seconds(10), clock: bench.clock,
            sinceBoot: { [bench] in bench.now.monotonic },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), isStoreBehind: isStoreBehind)
    }

    @Test("ready comes after the first stored batch and not before; then a sign of life for each look at progress")
    func ready() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        try await bench.run(watchdog(receiver)) { [bench] in
            #expect(await receiver.receive() == "STATUS=Waiting for the first readings")
            #expect(receiver.receiveNow() == nil)
            bench.progress.stored(at: bench.now)
            #expect(await receiver.receive() == "READY=1\nSTATUS=Collecting")
            #expect(await receiver.receive() == "WATCHDOG=1")
            for _ in 1...3 {
                await bench.clock.waitForSleepers(1)
                bench.clock.advance(by: .seconds(5))
                bench.progress.stored(at: bench.now)
                #expect(await receiver.receive() == "WATCHDOG=1")
            }
        }
        #expect(await receiver.receive() == "STOPPING=1\nSTATUS=Stopping")
    }

    @Test("when nothing is stored any more, time alone gives no sign of life; when it goes on, it comes back")
    func stalled() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        try await bench.run(watchdog(receiver)) { [bench] in
            bench.progress.stored(at: bench.now)
            #expect(await receiver.receive() == "STATUS=Waiting for the first readings")
            #expect(await receiver.receive() == "READY=1\nSTATUS=Collecting")
            #expect(await receiver.receive() == "WATCHDOG=1")
            for seconds in [5, 10] {
                await bench.clock.waitForSleepers(1)
                bench.clock.advance(by: .seconds(5))
                #expect(await receiver.receive() == "WATCHDOG=1", "2 x 1 s + 10 s are not over after \(seconds) s")
            }
            await bench.clock.waitForSleepers(1)
            bench.clock.advance(by: .seconds(5))
            #expect(await receiver.receive() == "STATUS=Stalled: no readings are stored, the last 15 s ago")
            for _ in 1...5 {
                await bench.clock.waitForSleepers(1)
                bench.clock.advance(by: .seconds(5))
            }
            await bench.clock.waitForSleepers(1)
            #expect(receiver.receiveNow() == nil)
            bench.progress.stored(at: bench.now)
            bench.clock.advance(by: .seconds(5))
            #expect(await receiver.receive() == "WATCHDOG=1\nSTATUS=Collecting")
        }
    }

    @Test("a store that does not finish its flush is no life, although it still takes batches")
    func storeBehind() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        let isBehind = Mutex(false)
        try await bench.run(watchdog(receiver, isStoreBehind: { isBehind.withLock { $0 } })) { [bench] in
            bench.progress.stored(at: bench.now)
            for _ in 1...3 { #expect(await receiver.receive() != nil) }
            await bench.clock.waitForSleepers(1)
            isBehind.withLock { $0 = true }
            bench.clock.advance(by: .seconds(5))
            bench.progress.stored(at: bench.now)
            #expect(await receiver.receive()?.hasPrefix("STATUS=Stalled: the store does not finish writing") == true)
        }
    }

    @Test("the status names what gives no values")
    func status() {
        var snapshot = CollectionProgress.Snapshot()
        #expect(Watchdog<ManualClock>.standardStatus(snapshot) == "Collecting")
        snapshot.lost = ["b", "a"]
        #expect(Watchdog<ManualClock>.standardStatus(snapshot) == "Collecting; no values from a, b")
        snapshot.lost = Set((1...7).map { "s\($0)" })
        #expect(Watchdog<ManualClock>.standardStatus(snapshot).hasSuffix("s5 and 2 more"))
    }

    @Test("without a service manager it only waits")
    func noManager() async throws {
        let watchdog = Watchdog(
            notifier: nil, progress: bench.progress, shortest: .seconds(1), clock: bench.clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await bench.run(watchdog) { [bench] in
            bench.progress.stored(at: bench.now)
            await bench.clock.waitForSleepers(1)
        }
    }

    @Test(
        "the limit is twice the shortest interval and the margin",
        arguments: [(.seconds(1), 12_000), (.seconds(10), 30_000), (.milliseconds(250), 10_500)] as [(Duration, Int64)])
    func limit(shortest: Duration, expected: Int64) {
        #expect(LivenessDecider(shortest: shortest, margin: .seconds(10)).limit == expected)
    }
}
