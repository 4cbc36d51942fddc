import Relays
import Site
import Testing

@Suite("Commands") struct CommandTests {
    @Test("on, off and toggle switch the load, and say who did it")
    func onOffToggle() throws {
        var bench = Bench([.plain("lamp")])
        let on = try #require(bench.ask("lamp", .on)?.acceptance)
        #expect(on.state == .on && on.change != nil && !on.isRepeat)
        #expect(bench.coils["lamp"] == true)
        #expect(on.status.last?.cause.who == "anna" && on.status.last?.cause.origin == "192.168.1.20")
        #expect(bench.ask("lamp", .toggle)?.acceptance?.state == .off)
        #expect(bench.ask("lamp", .toggle)?.acceptance?.state == .on)
        #expect(bench.ask("lamp", .off)?.acceptance?.state == .off)
        #expect(bench.codes("relay.switched").count == 4)
        let same = try #require(bench.ask("lamp", .off)?.acceptance)
        #expect(same.change == nil, "nothing had to change")
        #expect(bench.drives.count == 5, "the start and four changes")
    }

    @Test("on means that the load has power, whatever the contact")
    func normallyClosed() {
        var bench = Bench([.plain("lamp") { $0.contact = .normallyClosed }])
        #expect(bench.coils["lamp"] == true, "off at boot pulls a relay whose load hangs on the resting contact")
        bench.ask("lamp", .on)
        #expect(bench.coils["lamp"] == false)
    }

    @Test("a change is noted before it is made; the end of a pulse is made before it is noted")
    func notes() {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .pulse(.seconds(5), .on))
        #expect(bench.durable.map(\.to) == [.on])
        bench.cardTakesNotes = false
        bench.pass(.seconds(5))
        #expect(bench.state("lamp") == .off, "a dead card holds up no pulse's end")
        #expect(bench.drives.last?.drive.isSafe == true)
    }

    @Test("without its note a change is not made, whoever asked is told, and a late note does nothing")
    func deadCard() throws {
        var bench = Bench([.plain("lamp")])
        bench.cardTakesNotes = false
        #expect(bench.ask("lamp", .on) == nil, "it waits for the card")
        bench.pass(.seconds(2))
        #expect(bench.answers[1]?.code == .notNoted)
        #expect(bench.codes().contains("relay.not_noted"))
        bench.tell(.noted(1))
        #expect(bench.state("lamp") == .off)
        bench.cardTakesNotes = true
        bench.pass(.seconds(31))
        #expect(bench.state("lamp") == .off, "what was refused is not wanted any more")
        #expect(bench.ask("lamp", .on)?.acceptance?.state == .on)
    }

    @Test("a rule whose note failed goes on wanting, and is tried again")
    func deadCardForRule() {
        var bench = Bench([.plain("fan")])
        bench.cardTakesNotes = false
        bench.ask("fan", .on, by: .rule)
        bench.pass(.seconds(3))
        #expect(bench.state("fan") == .off)
        bench.cardTakesNotes = true
        bench.pass(.seconds(31))
        #expect(bench.state("fan") == .on)
    }

    @Test("a later command takes the place of one that still waits for its note")
    func superseded() {
        var bench = Bench([.plain("lamp")])
        bench.cardTakesNotes = false
        bench.ask("lamp", .on)
        #expect(bench.ask("lamp", .off)?.acceptance?.state == .off)
        #expect(bench.answers[1]?.code == .superseded)
        #expect(bench.status("lamp")?.wanted == .off)
    }

    @Test("a load that is about to go off for another one is refused to be on, until the other is on or wanted no more")
    func succeeded() {
        var bench = Bench([
            .plain("heater") {
                $0.interlocks = ["motor"]; $0.minimumOn = .seconds(60)
            }, .plain("motor", line: 18),
        ])
        bench.ask("heater", .on)
        bench.ask("motor", .on)
        #expect(bench.state("motor") == .off && bench.state("heater") == .on)
        #expect(bench.ask("heater", .on)?.code == .interlocked)
        #expect(bench.ask("heater", .pulse(.seconds(600), .on))?.code == .interlocked)
        #expect(bench.ask("heater", .override(.on, for: .seconds(600)), by: .rule)?.code == .interlocked)
        bench.pass(.seconds(61))
        #expect(bench.state("motor") == .on && bench.state("heater") == .off)
        bench.ask("heater", .pulse(.seconds(600), .on))
        bench.pass(.seconds(1))
        #expect(bench.state("heater") == .on && bench.status("heater")?.pulse != nil)
    }

    @Test("what went off for another one goes on again where that one is given up in the moment between the two")
    func givenUp() {
        var bench = Bench([.plain("up"), .plain("down", line: 18) { $0.interlocks = ["up"] }])
        bench.ask("up", .on)
        bench.pass(.seconds(1))
        #expect(bench.ask("down", .on) == nil && bench.state("up") == .off)
        bench.ask("down", .off)
        bench.pass(.seconds(1))
        #expect(bench.state("up") == .on && bench.state("down") == .off)
        #expect(bench.status("up")?.last?.cause.kind == .interlock)
    }

    @Test("a key said again is answered as before; with another command it is refused")
    func keys() throws {
        var bench = Bench([.plain("lamp")])
        let first = try #require(bench.ask("lamp", .toggle, key: "k1")?.acceptance)
        let again = try #require(bench.ask("lamp", .toggle, key: "k1")?.acceptance)
        #expect(first.state == .on && again.state == .on && again.isRepeat && again.change == first.change)
        #expect(bench.ask("lamp", .off, key: "k1")?.code == .keyReused)
        bench.restart(.crash)
        #expect(bench.ask("lamp", .toggle, key: "k1")?.acceptance?.isRepeat == true, "over a restart, too")
        #expect(bench.ask("lamp", .toggle, key: String(repeating: "k", count: 65))?.code == .invalid)
    }

    @Test("a command for another state than the one that is there is refused")
    func expected() {
        var bench = Bench([.plain("lamp")])
        #expect(bench.ask("lamp", .on, expected: .on)?.code == .unexpectedState)
        #expect(bench.ask("lamp", .on, expected: .off)?.acceptance?.state == .on)
    }

    @Test("an unknown relay is refused with those that there are")
    func unknown() throws {
        var bench = Bench([.plain("lamp")])
        let refusal = try #require(bench.ask("lmap", .on)?.refusal)
        #expect(refusal.code == .unknownRelay && refusal.hint?.contains("lamp") == true)
    }

    @Test("nothing is answered before the start, and nothing is begun after the end")
    func notReady() {
        var bench = Bench([.plain("lamp")], start: nil)
        #expect(bench.ask("lamp", .on)?.code == .notReady)
        bench.tell(.started(RelayStart(.boot)))
        bench.tell(.stopping)
        #expect(bench.ask("lamp", .on)?.code == .notReady)
        #expect(bench.drives.count == 1)
    }
}
