import Relays
import Site
import Testing

@Suite("Starts, crashes and lines") struct StartTests {
    @Test(
        "every line is driven once at the start, what goes off first",
        arguments: [
            (RelayConfiguration.BootState.on, RelayState.on), (.off, .off), (.last, .on),
        ])
    func boot(boot: RelayConfiguration.BootState, state: RelayState) {
        var bench = Bench([.plain("lamp") { $0.boot = boot }])
        bench.ask("lamp", .on)
        bench.restart(.boot)
        #expect(bench.state("lamp") == state)
        #expect(bench.drives.filter { $0.drive.change == nil }.count == 2)
    }

    @Test("a load that must rest a while does so after the power came, too")
    func minimumOffAtBoot() {
        var bench = Bench([
            .plain("compressor") {
                $0.boot = .on; $0.minimumOff = .seconds(120)
            }
        ])
        #expect(bench.state("compressor") == .off)
        bench.pass(.seconds(60))
        #expect(bench.state("compressor") == .on, "two minutes after the power, not after the start")
    }

    @Test("a pulse under way ends on time after the owner was started again, at once where that is past")
    func pulse() {
        var bench = Bench([.plain("gate")])
        bench.ask("gate", .pulse(.seconds(10), .on))
        bench.restart(.crash, after: .seconds(4))
        bench.pass(.seconds(6))
        #expect(bench.state("gate") == .off)
        bench.ask("gate", .pulse(.seconds(10), .on))
        bench.restart(.restart, after: .seconds(60))
        #expect(bench.state("gate") == .off)
    }

    @Test("minimum times and cycles hold over restarts of owner and machine")
    func counted() {
        var bench = Bench([
            .plain("pump") {
                $0.minimumOn = .seconds(60); $0.cyclesPerHour = 2
            }
        ])
        bench.ask("pump", .on)
        bench.restart(.crash, after: .seconds(5))
        #expect(bench.ask("pump", .off)?.acceptance?.held?.seconds == 55)
        bench.pass(.seconds(55))
        bench.ask("pump", .on)
        bench.restart(.boot)
        #expect(bench.ask("pump", .on)?.code == .cyclesUsed)
    }

    @Test(
        "after a crash: hold, on or off as declared",
        arguments: [
            (RelayConfiguration.CrashBehavior.hold, RelayState.on), (.off, .off), (.on, .on),
        ])
    func crash(behavior: RelayConfiguration.CrashBehavior, state: RelayState) {
        var bench = Bench([.plain("lamp") { $0.onCrash = behavior }])
        bench.ask("lamp", .on)
        bench.restart(.crash)
        #expect(bench.state("lamp") == state)
        bench.restart(.restart)
        #expect(bench.state("lamp") == state, "ended as told, everything stays")
    }

    @Test("a change that was noted and not done is taken back, and said; one that was done stays")
    func interrupted() throws {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .on)
        let change = try #require(bench.durable.last)
        bench.restart(.crash, unfinished: [change], coils: ["lamp": true])
        #expect(bench.state("lamp") == .on && bench.codes().contains("relay.interrupted"))
        bench.restart(.crash, unfinished: [change], coils: ["lamp": false])
        #expect(bench.state("lamp") == .off && bench.status("lamp")?.wanted == .off)
        let outcomes = bench.notes.compactMap {
            if case .result(let result) = $0, result.reason != nil { result.outcome } else { nil }
        }
        #expect(outcomes == [.done, .abandoned])
    }

    @Test("a line of the schedule that a crash interrupted is carried out after it")
    func interruptedSchedule() throws {
        let line = try #require(ScheduleEntry("08:00..20:00: on"))
        var bench = Bench([.plain("sign") { $0.schedule = [line] }], start: nil)
        // 2026-05-28T07:59:00Z.
        bench.wall = 1_779_955_140_000 - bench.time
        bench.tell(.started(RelayStart(.boot)))
        bench.brokenLines = ["sign"]
        bench.pass(.seconds(61))
        let change = try #require(bench.durable.last)
        #expect(change.cause.kind == .schedule && bench.state("sign") == .off)
        bench.brokenLines = []
        bench.restart(.crash, unfinished: [change], coils: ["sign": false])
        #expect(bench.state("sign") == .on)
        #expect(bench.drives.last?.drive.change != nil, "as a change of its own")
    }

    @Test("a load that a restore switched on, and that a crash left off, comes on whatever the card does")
    func restored() {
        var bench = Bench([
            .plain("router") {
                $0.boot = .on; $0.restore = .seconds(60)
            }
        ])
        bench.ask("router", .off)
        bench.pass(.seconds(60))
        #expect(bench.state("router") == .on)
        bench.cardTakesNotes = false
        bench.restart(.crash, coils: ["router": false])
        #expect(bench.state("router") == .on)
    }

    @Test("who released a load that must rest first is still its cause after the owner was started again")
    func released() {
        var bench = Bench([
            .plain("pump") {
                $0.boot = .on; $0.minimumOff = .seconds(120)
            }
        ])
        bench.pass(.seconds(120))
        bench.ask("pump", .override(.off, for: .seconds(3600)))
        bench.ask("pump", .release)
        bench.restart(.crash)
        #expect(bench.state("pump") == .off)
        bench.pass(.seconds(120))
        #expect(bench.state("pump") == .on && bench.durable.last?.cause.kind == .person)
    }

    @Test("what a schedule brought below an override is taken up with it, and not by a clock that nobody vouches for")
    func scheduledBelowOverride() throws {
        let line = try #require(ScheduleEntry("08:00..20:00: on"))
        var bench = Bench(
            [
                .plain("sign") {
                    $0.boot = .last; $0.schedule = [line]
                }
            ], start: nil)
        // 2026-05-28T07:59:00Z.
        bench.wall = 1_779_955_140_000 - bench.time
        bench.tell(.started(RelayStart(.boot)))
        bench.ask("sign", .override(.off, for: .seconds(3600)))
        bench.pass(.seconds(120))
        #expect(bench.status("sign")?.lasting?.state == .on)
        bench.isTrusted = false
        bench.restart(.boot)
        #expect(bench.state("sign") == .off)
        bench.pass(.seconds(3600))
        #expect(bench.state("sign") == .on)
        #expect(bench.status("sign")?.last?.cause.kind == .timer)
    }

    @Test("without its zone a schedule does not act, and with it, it takes up what it missed")
    func zone() throws {
        let line = try #require(ScheduleEntry("08:00..20:00: on"))
        let relay = RelayConfiguration.plain("sign") { $0.schedule = [line] }
        var bench = Bench([relay])
        // 2026-05-28T12:00:00Z.
        bench.wall = 1_779_969_600_000
        bench.decider = RelayDecider(site: bench.site, zone: nil)
        bench.tell(.started(RelayStart(.boot)))
        bench.pass(.seconds(3600))
        #expect(bench.state("sign") == .off && bench.status("sign")?.next == nil)
        bench.restart(.restart)
        #expect(bench.state("sign") == .on)
    }

    @Test("what a crash turns round is first broken, then made")
    func crashedPair() {
        var bench = Bench([
            .plain("main") {
                $0.onCrash = .off; $0.interlocks = ["spare"]
            }, .plain("spare", line: 18) { $0.onCrash = .on },
        ])
        bench.ask("main", .on)
        bench.restart(.crash)
        #expect(bench.state("main") == .off && bench.state("spare") == .off)
        bench.pass(.milliseconds(99))
        #expect(bench.state("spare") == .off)
        bench.pass(.milliseconds(1))
        #expect(bench.state("spare") == .on)
    }

    @Test("the moment between the two counts from when the slower line has gone off")
    func slowPair() {
        var bench = Bench([
            .plain("main") {
                $0.onCrash = .off; $0.interlocks = ["spare"]
            }, .plain("spare", line: 18) { $0.onCrash = .on },
        ])
        bench.ask("main", .on)
        bench.slowLines = ["main"]
        bench.restart(.crash)
        bench.pass(.milliseconds(400))
        #expect(bench.coils == ["main": true, "spare": false])
        bench.answerDrives()
        bench.pass(.milliseconds(99))
        #expect(bench.coils == ["main": false, "spare": false])
        bench.pass(.milliseconds(1))
        #expect(bench.coils == ["main": false, "spare": true])
    }

    @Test("an expander that was not heard of when the machine started may still hold what it held")
    func unheardExpander() {
        var bench = Bench([
            .plain("main") {
                $0.output = .expander(ExpanderPin(location: I2CLocation(bus: 1, address: 0x20), pin: 3));
                $0.interlocks = ["spare"]
            }, .plain("spare", line: 18) { $0.boot = .on },
        ])
        #expect(bench.state("spare") == .off)
        bench.pass(.milliseconds(100))
        #expect(bench.state("spare") == .on)
        bench.restart(.restart, coils: [:])
        #expect(
            bench.drives.last?.drive == RelayDrive(relay: "spare", coil: true, state: .on, change: nil, isSafe: true))
    }

    @Test("what a start of the machine changes is in the history")
    func changedAtBoot() throws {
        var bench = Bench([.plain("lamp") { $0.boot = .off }])
        bench.ask("lamp", .on)
        bench.restart(.boot)
        let event = try #require(bench.events.last { $0.code == .relaySwitched })
        #expect(event.values["kind"] == .text("boot") && event.values["state"] == .text("off"))
        bench.restart(.boot)
        #expect(bench.events.count { $0.values["kind"] == .text("boot") } == 1, "nothing was changed")
    }

    @Test("coils that get their supply late count from then on")
    func powered() throws {
        var bench = Bench(
            [
                .plain("pump") {
                    $0.boot = .on; $0.minimumOff = .seconds(30); $0.cyclesPerHour = 1
                }
            ], start: RelayStart(.boot, powered: 50_000))
        #expect(bench.state("pump") == .off)
        #expect(bench.status("pump")?.since.milliseconds == bench.wall + 50_000)
        bench.pass(.seconds(20))
        #expect(bench.state("pump") == .on)
        bench.ask("pump", .off)
        // Another board in the same boot of the machine: what was counted is as old as before.
        bench.decider = RelayDecider(site: bench.site, zone: .utc, memories: Array(bench.memories.values))
        bench.time += 600_000
        bench.tell(.started(RelayStart(.boot, powered: bench.time - 1000)))
        #expect(bench.status("pump")?.cycles.hour == 1)
        bench.pass(.seconds(3600))
        #expect(bench.status("pump")?.cycles.hour == 1, "the start's own, by now")
    }

    @Test("two relays that exclude each other are not both on after a start")
    func exclusion() {
        var bench = Bench([
            .plain("up") {
                $0.boot = .last; $0.interlocks = ["down"]
            }, .plain("down", line: 18) { $0.boot = .last },
        ])
        bench.ask("up", .on)
        bench.memories["down"]?.base = .on
        bench.restart(.boot)
        #expect(bench.state("up") == .on && bench.state("down") == .off)
        #expect(bench.codes().contains("relay.excluded"))
    }

    @Test("the other one is off for a moment before this one goes on, whoever comes last")
    func breakBeforeMake() throws {
        var bench = Bench([.plain("up") { $0.interlocks = ["down"] }, .plain("down", line: 18)])
        bench.ask("up", .on)
        bench.ask("down", .on)
        #expect(bench.state("up") == .off && bench.state("down") == .off)
        bench.pass(.milliseconds(99))
        #expect(bench.state("down") == .off)
        bench.pass(.milliseconds(1))
        #expect(bench.state("down") == .on)
        bench.ask("up", .override(.on, for: .seconds(60)))
        bench.pass(.seconds(1))
        #expect(bench.state("up") == .on && bench.state("down") == .off)
        #expect(bench.ask("down", .on)?.code == .interlocked)
    }

    @Test("a line that takes nothing is said, tried again, and driven as it should be when it is back")
    func brokenLine() throws {
        var bench = Bench([.plain("lamp")])
        bench.brokenLines = ["lamp"]
        #expect(bench.ask("lamp", .on)?.code == .lineFailed)
        #expect(bench.ask("lamp", .on)?.code == .lineFailed)
        #expect(bench.status("lamp")?.line == .failed && bench.codes("relay.line") == ["relay.line_failed"])
        bench.brokenLines = []
        bench.pass(.seconds(2))
        #expect(bench.status("lamp")?.line == .good && bench.codes("relay.line").last == "relay.line_recovered")
        #expect(bench.state("lamp") == .off, "what was refused is not done later")
    }

    @Test("the end of a pulse is tried until the line takes it")
    func pulseOnBrokenLine() {
        var bench = Bench([.plain("gate")])
        bench.ask("gate", .pulse(.seconds(5), .on))
        bench.brokenLines = ["gate"]
        bench.pass(.seconds(20))
        #expect(bench.state("gate") == .on)
        bench.brokenLines = []
        bench.pass(.seconds(2))
        #expect(bench.state("gate") == .off)
    }

    @Test("a line that reads other than it was driven is said once, and driven again")
    func mismatch() {
        var bench = Bench([.plain("lamp")])
        bench.tell(.readBack(relay: "lamp", coil: true))
        bench.tell(.readBack(relay: "lamp", coil: true))
        #expect(bench.codes() == ["relay.mismatch"] && bench.drives.count == 2)
        bench.tell(.readBack(relay: "lamp", coil: false))
        #expect(bench.codes().last == "relay.matches" && bench.status("lamp")?.line == .good)
        bench.tell(.readBack(relay: "lamp", coil: nil))
        #expect(bench.status("lamp")?.line == .failed)
    }

    @Test("a schedule waits for a clock that can be believed, then takes up what it missed")
    func schedule() throws {
        let line = try #require(ScheduleEntry("08:00..20:00: on"))
        var bench = Bench([.plain("sign") { $0.schedule = [line] }], start: nil)
        bench.isTrusted = false
        // 2026-05-28T20:26:40Z is beyond the span.
        bench.wall = 1_779_968_800_000
        bench.tell(.started(RelayStart(.boot)))
        bench.pass(.seconds(3600))
        #expect(bench.state("sign") == .off && bench.status("sign")?.next == nil)
        bench.isTrusted = true
        bench.tell(.tick)
        #expect(bench.state("sign") == .on)
        #expect(bench.status("sign")?.next?.state == .off)
        bench.ask("sign", .off)
        bench.pass(.seconds(60))
        #expect(bench.state("sign") == .off, "a person's word holds until the next line")
        bench.restart(.restart)
        #expect(bench.state("sign") == .off, "over a restart of the owner, too")
        bench.pass(.seconds(24 * 3600))
        #expect(bench.state("sign") == .on)
        bench.wall -= 3_600_000
        bench.pass(.seconds(60))
        #expect(bench.state("sign") == .on, "a clock that was put back does nothing twice")
    }
}
