import Hardware
import Logging
import Platform
import ServiceLifecycle
import Site
import TestSupport
import Testing

@testable import Appliance

@Suite("Watchdog", .timeLimit(.minutes(1)))
struct WatchdogTests {
    private let directory = TemporaryDirectory()
    private let bench = CollectionBench()

    private func watchdog(_ receiver: DatagramReceiver) -> Watchdog<ManualClock> {
        let environment = ["NOTIFY_SOCKET": receiver.name, "WATCHDOG_USEC": "20000000"]
        return Watchdog(
            notifier: ServiceNotifier(environment: environment), progress: bench.progress,
            shortest: .seconds(1), margin: .seconds(10), clock: bench.clock,
            sinceBoot: { [bench] in bench.now.monotonic },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
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

    @Test("on this machine: the board is collected, stored and reported to systemd, and all ends within a second")
    func wholeChain() async throws {
        let receiver = DatagramReceiver("\(directory.path)/notify")
        let unitClock = UnitClock(boot: 1, buildDate: 1_790_000_000_000)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let collecting = CollectorService(
            [BoardCollector(Board(), interval: .milliseconds(100))], clock: ContinuousClock(), now: { unitClock.now() },
            progress: bench.progress, logger: logger, sink: { [bench] in bench.batches.put($0) }, report: { _ in })
        let watchdog = Watchdog(
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": receiver.name, "WATCHDOG_USEC": "200000"]),
            progress: bench.progress, shortest: .milliseconds(100), clock: ContinuousClock(), logger: logger)
        let group = ServiceGroup(services: [collecting, watchdog], logger: logger)
        async let running: Void = group.run()
        #expect(await receiver.receive()?.hasPrefix("STATUS=") == true)
        #expect(await receiver.receive()?.hasPrefix("READY=1") == true)
        #expect(!bench.batches.all.isEmpty, "ready means that something is stored")
        #expect(await receiver.receive()?.hasPrefix("WATCHDOG=1") == true)
        await bench.batches.wait(for: 3)
        let start = ContinuousClock.now
        await group.triggerGracefulShutdown()
        try await running
        #expect(start.duration(to: .now) < .seconds(1))
        let board = try #require(bench.batches.all.last)
        #expect(board.value("board.memory_total") ?? 0 > 0)
        #expect(board.value("board.cpu_usage") != nil)
        #expect(board.value("collector.success@board") == 1)
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
