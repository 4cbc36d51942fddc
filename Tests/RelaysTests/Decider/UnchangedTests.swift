import Relays
import Site
import Testing

@Suite("What is said again and changes nothing") struct UnchangedTests {
    @Test("the same state a thousand times is one note on the card")
    func cyclic() {
        var bench = Bench([.plain("lamp")])
        #expect(bench.ask("lamp", .on, by: .compatibility)?.acceptance?.isUnchanged == nil)
        let before = bench.notes.count
        for _ in 0..<1000 {
            bench.pass(.seconds(1))
            let same = bench.ask("lamp", .on, by: .compatibility)?.acceptance
            #expect(same?.isUnchanged == true && same?.change == nil && same?.state == .on)
        }
        #expect(bench.notes.count == before && bench.durable.count == 1)
        bench.restart(.crash)
        #expect(bench.state("lamp") == .on)
    }

    @Test("a person's word after a client's is another wish, and the next client's word is one, too")
    func whose() {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .on, by: .compatibility)
        #expect(bench.ask("lamp", .on, by: .person)?.acceptance?.isUnchanged == nil)
        #expect(bench.status("lamp")?.lasting?.cause.kind == .person)
        #expect(bench.ask("lamp", .on, by: .compatibility)?.acceptance?.isUnchanged == nil)
        #expect(bench.ask("lamp", .on, by: .compatibility)?.acceptance?.isUnchanged == true)
    }

    @Test("two clients that say the same by turns change nothing; the first of them wanted it")
    func turns() {
        var bench = Bench([.plain("lamp")])
        func say(_ address: String, _ ticket: UInt64) -> RelayAcceptance? {
            let cause = RelayCause(.compatibility, who: "controlbyweb", origin: address)
            bench.tell(.command(RelayRequest(relay: "lamp", .on, cause: cause), ticket: ticket))
            return bench.answers[ticket]?.acceptance
        }
        #expect(say("192.168.1.20", 1001)?.isUnchanged == nil)
        let before = bench.notes.count
        #expect(say("192.168.1.21", 1002)?.isUnchanged == true)
        #expect(say("192.168.1.20", 1003)?.isUnchanged == true)
        #expect(bench.notes.count == before && bench.status("lamp")?.lasting?.cause.origin == "192.168.1.20")
    }

    @Test("who ends what another client's pulse or restart holds is the cause of that")
    func other() {
        var bench = Bench([.plain("lamp")])
        func say(_ command: RelayCommand, _ address: String, _ ticket: UInt64) -> RelayAcceptance? {
            let cause = RelayCause(.compatibility, who: "controlbyweb", origin: address)
            bench.tell(.command(RelayRequest(relay: "lamp", command, cause: cause), ticket: ticket))
            return bench.answers[ticket]?.acceptance
        }
        _ = say(.pulse(.seconds(60), .on), "192.168.1.21", 1001)
        bench.pass(.seconds(10))
        #expect(say(.off, "192.168.1.20", 1002)?.state == .off)
        #expect(bench.status("lamp")?.last?.cause.origin == "192.168.1.20")
        #expect(bench.status("lamp")?.lasting?.cause.origin == "192.168.1.20")
    }

    @Test("a pulse said again moves its end; one that takes a lasting state away is another wish")
    func prolonged() {
        var bench = Bench([.plain("lamp")])
        #expect(bench.ask("lamp", .pulse(.seconds(5), .on), by: .compatibility)?.acceptance?.isProlonged == nil)
        bench.pass(.seconds(1))
        let again = bench.ask("lamp", .pulse(.seconds(5), .on), by: .compatibility)?.acceptance
        #expect(again?.isProlonged == true && again?.isUnchanged == nil && again?.change == nil)
        // A person, or a schedule, wants it on for good meanwhile: the next pulse ends that.
        bench.ask("lamp", .on)
        let ends = bench.ask("lamp", .pulse(.seconds(5), .on), by: .compatibility)?.acceptance
        #expect(ends?.isProlonged == nil && ends?.change == nil)
        bench.pass(.seconds(6))
        #expect(bench.state("lamp") == .off)
    }

    @Test("on during a pulse cancels it: that is a change, and is noted")
    func pulse() {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .on, by: .compatibility)
        bench.ask("lamp", .pulse(.seconds(5), .on), by: .compatibility)
        let before = bench.notes.count
        let ended = bench.ask("lamp", .on, by: .compatibility)?.acceptance
        #expect(ended?.change == nil && ended?.isUnchanged == nil && bench.notes.count > before)
        bench.pass(.seconds(10))
        #expect(bench.state("lamp") == .on)
        // A pulse that is said again moves its end.
        bench.ask("lamp", .pulse(.seconds(5), .on), by: .compatibility)
        bench.pass(.seconds(1))
        #expect(bench.ask("lamp", .pulse(.seconds(5), .on), by: .compatibility)?.acceptance?.isUnchanged == nil)
    }

    @Test("a state that waits for its minimum time, asked for again, still waits and is no news")
    func held() {
        var bench = Bench([.plain("lamp") { $0.minimumOn = .seconds(60) }])
        bench.ask("lamp", .on, by: .compatibility)
        #expect(bench.ask("lamp", .off, by: .compatibility)?.acceptance?.isUnchanged == nil)
        let before = bench.notes.count
        let again = bench.ask("lamp", .off, by: .compatibility)?.acceptance
        #expect(again?.isUnchanged == true && again?.held != nil && bench.notes.count == before)
        bench.pass(.seconds(61))
        #expect(bench.state("lamp") == .off)
    }

    @Test("against an override it is refused, each time")
    func overridden() {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .on, by: .compatibility)
        bench.ask("lamp", .override(.on, for: .seconds(60)))
        #expect(bench.ask("lamp", .on, by: .compatibility)?.code == .overridden)
    }

    @Test("a key is kept, though nothing else changes")
    func key() {
        var bench = Bench([.plain("lamp")])
        bench.ask("lamp", .on)
        let before = bench.notes.count
        bench.ask("lamp", .on, key: "k1")
        #expect(bench.notes.count > before)
        bench.restart(.crash)
        #expect(bench.ask("lamp", .on, key: "k1")?.acceptance?.isRepeat == true)
    }

    @Test("a watchdog that is armed, armed again, is no event and no note")
    func arm() {
        var bench = Bench([.plain("router") { $0.watchdog = RelayWatchdog(ping: [.host("fleet.example")]) }])
        #expect(bench.ask("router", .disarm, by: .compatibility)?.acceptance?.isUnchanged == nil)
        #expect(bench.ask("router", .disarm, by: .compatibility)?.acceptance?.isUnchanged == true)
        #expect(bench.codes("watchdog.disarmed").count == 1)
        bench.ask("router", .rearm, by: .compatibility)
        let before = bench.notes.count
        #expect(bench.ask("router", .rearm, by: .compatibility)?.acceptance?.isUnchanged == true)
        #expect(bench.codes("watchdog.armed").count == 1 && bench.notes.count == before)
    }
}
