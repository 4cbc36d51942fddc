import Appliance
import Site
import TestSupport
import Testing

@Suite("Collecting", .timeLimit(.minutes(1)))
struct CollectorServiceTests {
    private let bench = CollectionBench()

    @Test("sixteen collectors at 1 Hz each give every tick of a minute, without drift")
    func sixteenChannels() async throws {
        let collectors = (1...16).map { ScriptedCollector("s\($0)") }
        try await bench.run(bench.service(collectors)) { [bench] in
            await bench.batches.wait(for: 16)
            await bench.advance(by: .seconds(1), times: 60) { 16 * ($0 + 1) }
        }
        for collector in collectors {
            let own = bench.batches.all.filter { $0.readings.contains { $0.metric == collector.metric } }
            #expect(own.map(\.time.monotonic) == (0...60).map { Int64($0) * 1000 })
            #expect(own.allSatisfy { $0.value("collector.success@\(collector.name)") == 1 })
            #expect(own.last?.value("collector.missed_ticks@\(collector.name)") == 0)
            #expect(own.allSatisfy { $0.interval == .seconds(1) })
        }
        #expect(bench.progress.snapshot.missedTicks == 0)
        #expect(bench.progress.snapshot.lastStored?.monotonic == 60_000)
        #expect(bench.events.all.isEmpty)
    }

    @Test("each collector has its own interval")
    func intervals() async throws {
        let fast = ScriptedCollector("fast"), slow = ScriptedCollector("slow", every: .seconds(10))
        try await bench.run(bench.service([fast, slow])) { [bench] in
            await bench.batches.wait(for: 2)
            await bench.advance(by: .seconds(1), times: 30) { 2 + $0 + $0 / 10 }
        }
        #expect(fast.collections == 31)
        #expect(slow.collections == 4)
    }

    @Test("a collector that hangs is overdue with its reason, delays no other, and is not begun again")
    func hangs() async throws {
        let gate = Gate()
        let hung = ScriptedCollector("hung") { number in
            if number == 1 { await gate.pass() }
            return .success(7)
        }
        let healthy = ScriptedCollector("healthy")
        try await bench.run(bench.service([hung, healthy])) { [bench] in
            await bench.batches.wait(for: 2)
            bench.clock.advance(by: .seconds(1))
            await bench.batches.wait(for: 3)
            // The healthy one sleeps until its next turn, the hung one until its deadline.
            await bench.clock.waitForSleepers(2)
            bench.clock.advance(by: .milliseconds(500))
            await bench.batches.wait(for: 4)
            await bench.clock.waitForSleepers(2)
            bench.clock.advance(by: .milliseconds(500))
            await bench.batches.wait(for: 6)
            #expect(hung.collections == 2, "the stuck collection is not begun again")
            gate.open()
            while hung.collections == 2 {
                bench.clock.advance(by: .seconds(1))
                await Task.yield()
            }
        }
        let own = bench.batches.all.filter { $0.readings.contains { $0.metric == hung.metric } }
        #expect(own[0].value("hung.temperature") == 7)
        for late in own[1...2] {
            #expect(late.noData("hung.temperature")?.reason == .timeout)
            #expect(late.value("collector.success@hung") == 0)
        }
        #expect(own[1].value("collector.duration@hung") == 0.5)
        #expect(own[1].value("collector.missed_ticks@hung") == 0)
        #expect(own[2].value("collector.duration@hung") == 1)
        #expect(own[2].value("collector.missed_ticks@hung") == 1)
        #expect(healthy.collections >= 3)
    }

    @Test("a tick that is missed is left out and counted, not made up for; the next is on time again")
    func missedTicks() async throws {
        let gate = Gate()
        let slow = ScriptedCollector("slow", deadline: .seconds(60)) { number in
            if number == 1 { await gate.pass() }
            return .success(0)
        }
        try await bench.run(bench.service([slow])) { [bench] in
            await bench.batches.wait(for: 1)
            await bench.clock.waitForSleepers(1)
            bench.clock.advance(by: .seconds(1))
            await bench.clock.waitForSleepers(1)
            bench.clock.advance(by: .milliseconds(3400))
            gate.open()
            await bench.batches.wait(for: 2)
            await bench.clock.waitForSleepers(1)
            bench.clock.advance(by: .milliseconds(600))
            await bench.batches.wait(for: 3)
        }
        let batches = bench.batches.all
        #expect(batches.map(\.time.monotonic) == [0, 1000, 5000])
        #expect(batches.map { $0.value("collector.missed_ticks@slow") } == [0, 0, 3])
        #expect(bench.progress.snapshot.missedTicks == 3)
    }

    @Test("a store that is slow delays no collector, and gets everything in order")
    func slowStore() async throws {
        let gate = Gate()
        let collector = ScriptedCollector("s")
        let service = bench.service([collector]) { [bench] batch in
            await gate.pass()
            bench.batches.put(batch)
        }
        try await bench.run(service) { [bench] in
            var live = bench.broadcast.subscribe().makeAsyncIterator()
            for _ in 1...20 {
                await bench.clock.waitForSleepers(1)
                bench.clock.advance(by: .seconds(1))
                _ = await live.next()
            }
            #expect(bench.batches.all.isEmpty)
            #expect(bench.progress.snapshot.lastStored == nil)
            gate.open()
        }
        #expect(bench.batches.all.count >= 20)
        #expect(bench.batches.all.map(\.time.monotonic) == bench.batches.all.map(\.time.monotonic).sorted())
        #expect(bench.progress.snapshot.missedTicks == 0)
    }

    @Test("what others hand in goes the same way: they wait for no card, and are not taken for a collector that works")
    func handedIn() async throws {
        let gate = Gate(), held = Gate()
        defer { held.open() }
        let hung = ScriptedCollector("hung", deadline: .seconds(3600)) { _ in
            await held.pass()
            return .success(0)
        }
        let service = bench.service([hung]) { [bench] batch in
            await gate.pass()
            bench.batches.put(batch)
        }
        let batches = (1...3).map { _ in ReadingBatch(time: bench.now, interval: .seconds(1), readings: []) }
        try await bench.run(service) { [bench] in
            for batch in batches { service.take(batch) }
            #expect(bench.batches.all.isEmpty)
            gate.open()
            await bench.batches.wait(for: 3)
            #expect(bench.progress.snapshot.lastStored == nil)
        }
    }

    @Test("shutdown is at once although a collection hangs, and what was collected is stored")
    func shutdown() async throws {
        let gate = Gate()
        defer { gate.open() }
        let hung = ScriptedCollector("hung", deadline: .seconds(3600)) { _ in
            await gate.pass()
            return .success(0)
        }
        let clock = ContinuousClock()
        let start = clock.now
        try await bench.run(bench.service([hung, ScriptedCollector("healthy")])) { [bench] in
            await bench.batches.wait(for: 1)
        }
        #expect(start.duration(to: clock.now) < .seconds(10))
        #expect(bench.batches.all.count == 1)
        #expect(bench.broadcast.readerCount == 0)
    }

    @Test("waiting for the first stored batch ends with it, also for those who ask later, and can be given up")
    func firstStored() async throws {
        let progress = bench.progress
        let early = Task { try await progress.firstStored() }
        let givenUp = Task { try await progress.firstStored() }
        givenUp.cancel()
        await #expect(throws: CancellationError.self) { try await givenUp.value }
        try await bench.run(bench.service([ScriptedCollector("s")])) { try await early.value }
        try await progress.firstStored()
    }

    @Test("a disabled sensor is no failure of its collector; one without value is")
    func success() async throws {
        let disabled = ScriptedCollector("disabled") { _ in .failure(NoData(.disabled)) }
        let broken = ScriptedCollector("broken") { _ in .failure(NoData(.badChecksum)) }
        try await bench.run(bench.service([disabled, broken])) { [bench] in await bench.batches.wait(for: 2) }
        let batches = bench.batches.all
        #expect(batches.compactMap { $0.value("collector.success@disabled") } == [1])
        #expect(batches.compactMap { $0.value("collector.success@broken") } == [0])
    }

    @Test("a sensor that is pulled and put back makes one event each way")
    func lostAndRecovered() async throws {
        let probe = ScriptedCollector("probe") { number in
            (5..<20).contains(number) ? .failure(NoData(.notPresent, "it is not on the bus")) : .success(20)
        }
        try await bench.run(bench.service([probe])) { [bench] in
            await bench.batches.wait(for: 1)
            await bench.advance(by: .seconds(1), times: 10) { $0 + 1 }
            await bench.events.wait(for: 1)
            #expect(bench.progress.snapshot.lost == ["probe"])
            await bench.advance(by: .seconds(1), times: 20) { $0 + 11 }
            await bench.events.wait(for: 2)
        }
        let events = bench.events.all
        #expect(events.map(\.code) == [.sensorLost, .sensorRecovered])
        #expect(events.map(\.subject) == ["probe", "probe"])
        #expect(events.map(\.time.monotonic) == [7000, 22_000])
        #expect(events[0].values["reason"] == .text("notPresent"))
        #expect(events[0].message == "probe gives no values (sensor not present): it is not on the bus.")
        #expect(events[1].values["lost_for"] == .number(15))
        #expect(bench.progress.snapshot.lost.isEmpty)
    }
}
