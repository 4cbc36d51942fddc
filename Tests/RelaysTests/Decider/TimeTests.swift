import Relays
import Site
import Testing

@Suite("Pulses, minimum times and cycles") struct TimeTests {
    @Test("a pulse ends to the millisecond, and one said again moves the end on")
    func pulse() {
        var bench = Bench([.plain("gate")])
        let start = bench.time
        #expect(bench.ask("gate", .pulse(.seconds(5), nil))?.acceptance?.status.pulse?.seconds == 5)
        bench.pass(.seconds(3))
        #expect(bench.ask("gate", .pulse(.seconds(5), nil))?.acceptance?.status.pulse?.seconds == 5)
        bench.pass(.milliseconds(4999))
        #expect(bench.state("gate") == .on)
        bench.pass(.milliseconds(1))
        #expect(bench.state("gate") == .off)
        #expect(bench.drives.last?.time == start + 8000)
    }

    @Test("without a length it is that of the site file; a load that is on is cut by it")
    func pulseOff() {
        var bench = Bench([
            .plain("camera") {
                $0.boot = .on; $0.pulse = .milliseconds(2500)
            }
        ])
        #expect(bench.ask("camera", .pulse(nil, nil))?.acceptance?.state == .off)
        bench.pass(.milliseconds(2500))
        #expect(bench.state("camera") == .on)
    }

    @Test("on and off end a pulse, whoever says so", arguments: [RelayCommand.on, .off])
    func pulseEnds(command: RelayCommand) {
        var bench = Bench([.plain("gate")])
        bench.ask("gate", .pulse(.seconds(5), .on))
        #expect(bench.ask("gate", command, by: .rule)?.acceptance?.status.pulse == nil)
        bench.pass(.seconds(10))
        #expect(bench.state("gate") == (command == .on ? .on : .off))
    }

    @Test(
        "lengths outside of the limits are refused",
        arguments: [Duration.milliseconds(99), .seconds(86_401), .seconds(0), .seconds(4)])
    func pulseLengths(length: Duration) {
        var bench = Bench([.plain("pump") { $0.minimumOn = .seconds(5) }])
        #expect(bench.ask("pump", .pulse(length, .on))?.code == .invalid)
        #expect(bench.ask("pump", .pulse(.seconds(86_400), .on))?.acceptance?.state == .on)
    }

    @Test("a state that comes too early is held until it may, and can be taken back")
    func held() throws {
        var bench = Bench([
            .plain("pump") {
                $0.minimumOn = .seconds(30); $0.minimumOff = .seconds(60)
            }
        ])
        bench.pass(.seconds(60))
        bench.ask("pump", .on)
        let off = try #require(bench.ask("pump", .off)?.acceptance)
        #expect(off.state == .on && off.held?.seconds == 30 && off.status.held?.reason == .minimumOn)
        bench.ask("pump", .on)
        bench.pass(.seconds(40))
        #expect(bench.state("pump") == .on, "taken back")
        #expect(bench.ask("pump", .off)?.acceptance?.state == .off)
        #expect(
            bench.ask("pump", .pulse(.seconds(40), .on))?.refusal?.retryAfter == 60, "a pulse begins at once or not")
        #expect(bench.ask("pump", .on)?.acceptance?.held?.seconds == 60)
        bench.pass(.seconds(60))
        #expect(bench.state("pump") == .on)
    }

    @Test("when the cycles are used up a person is refused, a rule waits")
    func cycles() throws {
        var bench = Bench([.plain("pump") { $0.cyclesPerHour = 2 }])
        for _ in 0..<2 {
            bench.ask("pump", .on)
            bench.ask("pump", .off)
            bench.pass(.seconds(60))
        }
        let refusal = try #require(bench.ask("pump", .on)?.refusal)
        #expect(refusal.code == .cyclesUsed && refusal.retryAfter == 3480)
        #expect(bench.ask("pump", .on, by: .rule)?.acceptance?.status.held?.reason == .cycles)
        bench.pass(.seconds(3480))
        #expect(bench.state("pump") == .on)
    }

    @Test("no load is cut for a while that could not come back after it")
    func reserve() {
        var bench = Bench([
            .plain("router") {
                $0.boot = .on; $0.contact = .normallyClosed; $0.cyclesPerHour = 1; $0.restore = .seconds(60)
            }
        ])
        #expect(bench.ask("router", .pulse(.seconds(5), .off))?.acceptance?.state == .off)
        bench.pass(.seconds(30))
        #expect(bench.state("router") == .on)
        #expect(bench.ask("router", .pulse(.seconds(5), .off))?.code == .cyclesUsed)
        #expect(bench.ask("router", .off)?.code == .cyclesUsed)
        #expect(bench.ask("router", .override(.off, for: .seconds(100)))?.code == .cyclesUsed)
    }

    @Test("a router that somebody switches off comes on again unless that is confirmed")
    func restore() throws {
        var bench = Bench([RelayConfiguration(id: "router", output: .line(17), contact: .normallyClosed, boot: .on)])
        #expect(bench.ask("router", .confirm)?.code == .nothingToDo)
        let off = try #require(bench.ask("router", .off)?.acceptance)
        #expect(off.status.restore?.seconds == 60)
        bench.pass(.seconds(59))
        #expect(bench.state("router") == .off)
        bench.pass(.seconds(1))
        #expect(bench.state("router") == .on && bench.codes().contains("relay.restored"))
        bench.ask("router", .off)
        bench.ask("router", .off)
        #expect(bench.status("router")?.restore != nil, "said again is not confirmed")
        #expect(bench.ask("router", .confirm)?.acceptance?.status.restore == nil)
        bench.pass(.seconds(3600))
        #expect(bench.state("router") == .off)
        bench.ask("router", .on)
        bench.ask("router", .off, by: .rule)
        #expect(bench.status("router")?.restore == nil, "the site file's own rule needs no confirmation")
    }

    @Test("an override off of the router gives way, too")
    func restoreOverride() {
        var bench = Bench([RelayConfiguration(id: "router", output: .line(17), contact: .normallyClosed, boot: .on)])
        bench.ask("router", .override(.off, for: .seconds(7200)))
        bench.pass(.seconds(60))
        #expect(bench.state("router") == .on && bench.status("router")?.override == nil)
    }
}

@Suite("By hand") struct OverrideTests {
    @Test("what schedules and rules want waits below an override; people are told to release it")
    func holds() throws {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .override(.on, for: .seconds(600)))
        #expect(bench.ask("lamp", .off)?.code == .overridden)
        #expect(bench.ask("lamp", .pulse(.seconds(1), nil))?.code == .overridden)
        let rule = try #require(bench.ask("lamp", .off, by: .rule)?.acceptance)
        #expect(rule.state == .on && rule.held?.seconds == 600)
        bench.pass(.seconds(600))
        #expect(bench.state("lamp") == .off && bench.codes().contains("relay.override_ended"))
    }

    @Test("released, the load goes to what lasts")
    func release() {
        var bench = Bench([.plain("lamp")])
        #expect(bench.ask("lamp", .release)?.code == .nothingToDo)
        bench.ask("lamp", .override(.on, for: .seconds(600)))
        #expect(bench.ask("lamp", .release)?.acceptance?.state == .off)
        let event = bench.events.first { $0.code == .relayOverrideEnded }
        #expect(event?.message == "anna released the override of relay lamp.")
    }

    @Test("what the card does not take has not happened, and is told to nobody as if it had")
    func refusedRelease() {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .override(.on, for: .seconds(600)))
        bench.cardTakesNotes = false
        bench.ask("lamp", .release)
        bench.pass(.seconds(3))
        #expect(bench.status("lamp")?.override != nil)
        #expect(!bench.codes().contains("relay.override_ended"))
    }

    @Test("lengths outside of the limits are refused", arguments: [Duration.milliseconds(999), .seconds(32 * 86_400)])
    func lengths(length: Duration) {
        var bench = Bench([.plain("lamp")])
        #expect(bench.ask("lamp", .override(.on, for: length))?.code == .invalid)
    }

    @Test("it outlives a restart of the owner, and ends with the machine unless the boot state is last")
    func starts() {
        var bench = Bench([.plain("lamp"), .plain("fan", line: 18) { $0.boot = .last }])
        for id in ["lamp", "fan"] { bench.ask(id, .override(.on, for: .seconds(600))) }
        bench.restart(.restart, after: .seconds(100))
        #expect(bench.status("lamp")?.override?.ends.seconds == 500)
        bench.restart(.boot)
        #expect(bench.state("lamp") == .off && bench.status("lamp")?.override == nil)
        #expect(bench.state("fan") == .on)
    }
}
