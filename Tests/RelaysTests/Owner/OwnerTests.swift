import Glibc
import Hardware
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Relays

private let cause = RelayCause(.person, who: "anna", origin: "192.0.2.7")

@Suite("The owner of the lines")
struct OwnerTests {
    private let bench = OwnerBench()

    @Test("each load has its declared state at the start, whatever contact and level")
    func boot() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        // The router is on while its coil has no current.
        #expect(bench.lines.outputs == ["GPIO27": false, "GPIO17": false, "GPIO22": true])
        try await until { try await bench.expander() == 0x0200 }
        let states = await owner.overview().relays.map { "\($0.relay) \($0.state)" }
        #expect(states == ["strobe off", "router on", "fan on", "camera on"])
        await owner.stop()
        // An end as told touches nothing.
        #expect(bench.lines.outputs == ["GPIO27": false, "GPIO17": false, "GPIO22": true])
    }

    @Test("a change is noted, done, answered, and there to be copied")
    func change() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        guard case .accepted(let done) = await owner.command(RelayRequest(relay: "strobe", .on, cause: cause)) else {
            Issue.record("refused")
            return
        }
        #expect(done.state == .on && bench.lines.outputs["GPIO27"] == true)
        try await until {
            let page = try await owner.intents(after: nil, limit: 100)
            return page.records.contains {
                $0.content
                    == .result(
                        RelayResult(number: done.change ?? 0, relay: "strobe", outcome: .done, time: $0.resultTime))
            }
        }
        await owner.stop()
    }

    @Test("pulses end within 5 ms of their time")
    func pulse() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        var errors: [Double] = []
        for _ in 0..<5 {
            guard
                case .accepted = await owner.command(
                    RelayRequest(relay: "strobe", .pulse(.milliseconds(200), .on), cause: cause))
            else {
                Issue.record("refused")
                return
            }
            let start = ContinuousClock.now
            while bench.lines.outputs["GPIO27"] == true { usleep(100) }
            errors.append((ContinuousClock.now - start).milliseconds - 200)
        }
        // From the answer on, which is a little later than the switching.
        #expect(errors.filter { (-8...5).contains($0) }.count >= 4, "\(errors)")
        await owner.stop()
    }

    @Test("what was refused because its line did not answer is not done later")
    func refused() async throws {
        try bench.write(OwnerBench.site)
        let lines = FailingLines(bench.lines)
        let owner = try bench.owner(lines: lines)
        await owner.start()
        lines.fails.withLock { $0 = true }
        let answer = await owner.command(RelayRequest(relay: "strobe", .on, cause: cause))
        guard case .refused = answer else {
            Issue.record("\(answer)")
            return
        }
        lines.fails.withLock { $0 = false }
        // Past the next look at the lines, and past the first retry.
        for _ in 0..<25 {
            try await Task.sleep(for: .milliseconds(100))
            #expect(bench.lines.outputs["GPIO27"] == false)
        }
        await owner.stop()
    }

    @Test("who was given lines has not booted, whatever is left of its state")
    func keptLines() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let environment = ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "GPIO27"]
        await owner.start(kept: InheritedDescriptor.all(environment: environment, first: descriptor))
        #expect(await owner.overview().start == .crash)
        await owner.stop()
    }

    @Test("after a crash the next process goes on where this one was, without the card")
    func crash() async throws {
        try bench.write(OwnerBench.site)
        // Nobody has it after this: it ends without a word.
        try await begin(pulse: .seconds(1))
        try await Task.sleep(for: .milliseconds(100))
        let next = try bench.owner()
        await next.start()
        #expect(await next.overview().start == .crash)
        #expect(bench.lines.outputs["GPIO27"] == true)
        // Declared for a crash.
        #expect(bench.lines.outputs["GPIO22"] == false)
        try await until { bench.lines.outputs["GPIO27"] == false }
        await next.stop()
        let last = try bench.owner()
        await last.start()
        #expect(await last.overview().start == .restart)
        await last.stop()
        let boot = try bench.owner(boot: "b")
        await boot.start()
        #expect(await boot.overview().start == .boot)
        #expect(bench.lines.outputs["GPIO22"] == true)
        await boot.stop()
    }

    private func begin(pulse length: Duration) async throws {
        let owner = try bench.owner()
        await owner.start()
        let answer = await owner.command(RelayRequest(relay: "strobe", .pulse(length, .on), cause: cause))
        guard case .accepted = answer else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test("who begins to listen is asked for the pings that are out")
    func openRounds() async throws {
        try bench.write(
            """
            site: { name: Bench }
            network: { router: { address: 192.0.2.1 } }
            relays:
              - { id: camera, line: GPIO27, boot: on, feeds: other,
                  watchdog: { ping: [192.0.2.9], delay: 1s, every: 10s } }
            """)
        let owner = try bench.owner()
        await owner.start()
        try await until { await owner.overview().relays.first?.watchdog?.state == .pinging }
        try await Task.sleep(for: .milliseconds(1200))
        let stream = await owner.updates()
        await owner.stop()
        var questions = 0
        for try await update in stream {
            if case .ping(let question) = update, question.targets == ["192.0.2.9"] { questions += 1 }
        }
        #expect(questions == 1)
    }

    @Test("what the card did not take before the end is noted by the next process, once")
    func unwritten() async throws {
        try bench.write(OwnerBench.site)
        let first = try bench.owner(record: "card")
        await first.start()
        try bench.write("relays: 3")
        await #expect(throws: Failure.self) { try await first.reload() }
        try await until { await first.overview().cardProblem != nil }
        await first.stop()
        try makeDirectory("\(bench.folder.path)/card")
        try bench.write(OwnerBench.site)
        for _ in 0..<2 {
            let next = try bench.owner(record: "card")
            await next.start()
            func refusals() async throws -> Int {
                try await next.intents(after: nil, limit: 1000).records.count {
                    if case .event(let event) = $0.content { event.code == .relaySiteRefused } else { false }
                }
            }
            try await until { try await refusals() == 1 }
            await next.stop()
        }
    }

    @Test("who listens hears of a change")
    func updates() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        let stream = await owner.updates()
        _ = await owner.command(RelayRequest(relay: "strobe", .on, cause: cause))
        var isHeard = false
        for try await update in stream {
            if case .status(let status) = update, status.relay == "strobe", status.state == .on {
                isHeard = true
                break
            }
        }
        #expect(isHeard)
        await owner.stop()
    }
}

extension IntentRecord {
    fileprivate var resultTime: Timestamp {
        if case .result(let result) = content { result.time } else { Fixture.time() }
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
