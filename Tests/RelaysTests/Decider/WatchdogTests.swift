import Relays
import Site
import Testing

@Suite("The ping watchdog") struct WatchdogTests {
    private static func bench(
        _ change: (inout RelayWatchdog) -> Void = { _ in }, relay: (inout RelayConfiguration) -> Void = { _ in }
    ) throws -> Bench {
        var watchdog = RelayWatchdog(
            ping: [.gateway, .witness], witnesses: 2, every: .seconds(60), retry: .seconds(10), failures: 3,
            offFor: .seconds(15), delay: .seconds(120), backOff: 2, attempts: 2, thenEvery: .seconds(6 * 3600),
            perDay: 6)
        change(&watchdog)
        let router = RouterConfiguration(address: try #require(IPAddress("192.168.1.1")))
        var configuration = RelayConfiguration(
            id: "router", output: .line(17), contact: .normallyClosed, boot: .on, watchdog: watchdog)
        relay(&configuration)
        return Bench(
            [configuration], network: NetworkConfiguration(router: router, witnesses: ["one.example", "two.example"]))
    }

    private static let good: [String: PingRound.Outcome] = [
        "192.168.1.1": .answered, "one.example": .answered, "two.example": .answered,
    ]

    @Test("it waits for the load to start, then asks every target in its period")
    func periods() throws {
        var bench = try Self.bench()
        #expect(bench.status("router")?.watchdog?.state == .waiting)
        bench.pass(.seconds(60))
        let question = try #require(bench.questions.first)
        #expect(question.targets == ["192.168.1.1", "one.example", "two.example"])
        let first = bench.time
        #expect(first == 120_000, "two minutes after the power came")
        bench.answerPings(Self.good)
        bench.pass(.seconds(59))
        #expect(bench.questions.isEmpty)
        bench.pass(.seconds(1))
        #expect(bench.questions.count == 1)
        bench.answerPings()
        bench.pass(.seconds(10))
        #expect(bench.questions.count == 1, "the period after a bad round is shorter")
    }

    /// Lets rounds go by, answered in the same way.
    private static func rounds(
        _ count: Int, of bench: inout Bench, _ outcomes: [String: PingRound.Outcome] = [:], carrier: Bool? = true
    ) {
        for _ in 0..<count {
            var patience = 0
            while bench.questions.isEmpty, patience < 5000 {
                bench.pass(.seconds(10))
                patience += 1
            }
            bench.answerPings(outcomes, carrier: carrier)
        }
    }

    @Test("after so many bad rounds in a row the power is cut, and comes back by itself")
    func cut() throws {
        var bench = try Self.bench()
        Self.rounds(2, of: &bench)
        Self.rounds(1, of: &bench, Self.good)
        Self.rounds(2, of: &bench)
        #expect(bench.state("router") == .on, "a good round begins the count anew")
        Self.rounds(1, of: &bench)
        #expect(bench.state("router") == .off)
        let status = try #require(bench.status("router")?.watchdog)
        #expect(status.state == .restarting && status.attempts == 1 && status.total == 1)
        bench.cardTakesNotes = false
        bench.pass(.milliseconds(14_999))
        #expect(bench.state("router") == .off)
        bench.pass(.milliseconds(1))
        #expect(bench.state("router") == .on, "with a dead card, too")
        #expect(bench.codes().contains("watchdog.restarting"))
    }

    @Test("two witnesses are needed: with the gateway silent alone, or one host alone, nothing is cut")
    func witnesses() throws {
        for silent in ["192.168.1.1", "one.example", "two.example"] {
            var bench = try Self.bench()
            Self.rounds(8, of: &bench, Self.good.merging([silent: .silent]) { $1 })
            #expect(bench.state("router") == .on, "\(silent)")
        }
        var bench = try Self.bench()
        Self.rounds(3, of: &bench, ["192.168.1.1": .answered])
        #expect(bench.state("router") == .off, "both hosts beyond a router that answers")
        var all = try Self.bench({ $0.witnesses = nil })
        Self.rounds(8, of: &all, ["192.168.1.1": .answered])
        #expect(all.state("router") == .on, "without 'witnesses' one answer is enough")
    }

    @Test("our own cable, our own pinger and targets that could not be asked are no reason")
    func ownFault() throws {
        var cable = try Self.bench()
        Self.rounds(8, of: &cable, carrier: false)
        #expect(cable.state("router") == .on && cable.codes("watchdog") == ["watchdog.blind"])
        var names = try Self.bench()
        Self.rounds(8, of: &names, ["192.168.1.1": .answered, "one.example": .notAsked, "two.example": .notAsked])
        #expect(names.state("router") == .on && names.codes("watchdog") == ["watchdog.blind"])
        var pinger = try Self.bench()
        pinger.pass(.seconds(3600))
        #expect(pinger.state("router") == .on && pinger.codes("watchdog") == ["watchdog.blind"])
    }

    @Test("each restart in a row waits longer; after the last the load stays on, and it tries again every so often")
    func attempts() throws {
        var bench = try Self.bench()
        Self.rounds(3, of: &bench)
        bench.pass(.seconds(15))
        let first = bench.time
        bench.pass(.seconds(119))
        #expect(bench.questions.isEmpty)
        Self.rounds(3, of: &bench)
        #expect(bench.state("router") == .off)
        bench.pass(.seconds(15))
        let second = bench.time
        #expect(second - first >= 120_000)
        bench.pass(.seconds(239))
        #expect(bench.questions.isEmpty, "twice the delay")
        Self.rounds(10, of: &bench)
        #expect(bench.state("router") == .on)
        let status = try #require(bench.status("router")?.watchdog)
        #expect(status.state == .exhausted && status.attempts == 2)
        #expect(bench.codes("watchdog.exhausted").count == 1)
        while bench.state("router") == .on, bench.time < second + 7 * 3_600_000 { Self.rounds(1, of: &bench) }
        let again = bench.time - (second - 15_000)
        #expect((6 * 3_600_000...6 * 3_600_000 + 60_000).contains(again), "once more after six hours")
    }

    @Test("an answer gives it all its attempts back")
    func rearm() throws {
        var bench = try Self.bench({ $0.thenEvery = nil })
        Self.rounds(20, of: &bench)
        #expect(bench.status("router")?.watchdog?.state == .exhausted && bench.drives.count == 5)
        Self.rounds(1, of: &bench, Self.good)
        #expect(bench.status("router")?.watchdog?.attempts == 0 && bench.codes().contains("watchdog.recovered"))
        Self.rounds(3, of: &bench)
        #expect(bench.state("router") == .off)
    }

    @Test("somebody can switch it off and re-arm it; a restart under way ends with that")
    func arm() throws {
        var bench = try Self.bench()
        Self.rounds(3, of: &bench)
        #expect(bench.ask("router", .disarm)?.acceptance?.state == .on)
        bench.pass(.seconds(3600))
        #expect(bench.questions.isEmpty && bench.status("router")?.watchdog?.state == .disarmed)
        let armed = bench.ask("router", .rearm)?.acceptance?.status.watchdog
        #expect(armed?.state != .resting && armed?.next != nil, "the answer tells what follows")
        bench.pass(.seconds(1))
        #expect(bench.questions.count == 1)
        var plain = Bench([.plain("lamp")])
        #expect(plain.ask("lamp", .rearm)?.code == .nothingToDo)
    }

    @Test("no more than so many restarts in a day, over restarts of owner and machine")
    func perDay() throws {
        var bench = try Self.bench({
            $0.perDay = 3
            $0.attempts = 255
            $0.backOff = 1
        })
        for _ in 0..<40 {
            Self.rounds(3, of: &bench)
            bench.pass(.seconds(20))
        }
        #expect(bench.status("router")?.watchdog?.today == 3 && bench.codes().contains("watchdog.capped"))
        bench.isTrusted = false
        bench.restart(.boot, after: .seconds(3600))
        Self.rounds(9, of: &bench)
        #expect(bench.state("router") == .on, "how long the unit was off is not known")
        bench.isTrusted = true
        bench.tell(.tick)
        bench.restart(.boot, after: .seconds(86_400))
        Self.rounds(3, of: &bench)
        #expect(bench.state("router") == .off)
    }

    @Test(
        "it does nothing to a load that somebody holds, pulses or wants off, and nothing that its note does not allow")
    func hands() throws {
        var bench = try Self.bench()
        bench.ask("router", .override(.on, for: .seconds(7200)))
        bench.pass(.seconds(3600))
        #expect(bench.questions.isEmpty && bench.status("router")?.watchdog?.state == .resting)
        bench.ask("router", .release)
        bench.cardTakesNotes = false
        Self.rounds(3, of: &bench)
        bench.pass(.seconds(3))
        #expect(bench.state("router") == .on)
        #expect(bench.status("router")?.watchdog?.attempts == 0, "what was not done is not counted")
        bench.cardTakesNotes = true
        bench.pass(.seconds(30))
        Self.rounds(4, of: &bench)
        #expect(bench.state("router") == .off)
        #expect(bench.ask("router", .on)?.acceptance?.state == .on, "a person's word ends a cut")
    }

    @Test("a reset button is pressed")
    func button() throws {
        var bench = try Self.bench(
            { $0.method = .button },
            relay: {
                $0.boot = .off
                $0.feeds = .other
                $0.restore = nil
            })
        Self.rounds(3, of: &bench)
        #expect(bench.state("router") == .on)
        bench.pass(.milliseconds(500))
        #expect(bench.state("router") == .off)
    }

    @Test("a computer is forced off and started, and started once at boot where that is wished")
    func atx() throws {
        var bench = try Self.bench(
            {
                $0.method = .atx
                $0.pressAtBoot = true
            },
            relay: {
                $0.boot = .off
                $0.contact = .normallyOpen
                $0.feeds = .other
                $0.restore = nil
            })
        #expect(bench.state("router") == .on, "pressed at boot")
        bench.pass(.milliseconds(500))
        #expect(bench.state("router") == .off)
        Self.rounds(3, of: &bench)
        let start = bench.time
        bench.pass(.seconds(30))
        let presses = bench.drives.filter { $0.time >= start }.map { ($0.time - start, $0.drive.state) }
        #expect(presses.map(\.0) == [0, 6000, 21_000, 21_500])
        #expect(presses.map(\.1) == [.on, .off, .on, .off])
    }

    @Test("a restart under way goes on after a crash of the owner, and is over after one that took too long")
    func crash() throws {
        var bench = try Self.bench()
        Self.rounds(3, of: &bench)
        bench.restart(.crash, after: .seconds(5))
        #expect(bench.state("router") == .off)
        bench.pass(.seconds(10))
        #expect(bench.state("router") == .on)
        Self.rounds(3, of: &bench)
        #expect(bench.state("router") == .off)
        bench.restart(.crash, after: .seconds(60))
        #expect(bench.state("router") == .on)
        #expect(bench.status("router")?.watchdog?.attempts == 2, "counters outlive the owner")
    }
}
