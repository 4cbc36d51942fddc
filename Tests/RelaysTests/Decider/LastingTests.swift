import Relays
import Site
import Testing

/// Rules end what they have brought about; so whose wish lasts must be known, whatever passed since.
@Suite("Whose wish lasts") struct LastingTests {
    private static let rule = RelayCause(.rule, who: "anna", origin: "192.168.1.20")

    /// A rule has switched the fan on.
    private static func bench(_ change: (inout RelayConfiguration) -> Void = { _ in }) -> Bench {
        var bench = Bench([.plain("fan", change)])
        bench.ask("fan", .on, by: .rule)
        return bench
    }

    @Test("a hold that runs out, and one that is released, leave it with the rule")
    func hold() {
        var bench = Self.bench()
        bench.ask("fan", .override(.off, for: .seconds(600)))
        #expect(bench.status("fan")?.lasting == RelayLasting(state: .on, cause: Self.rule))
        bench.pass(.seconds(600))
        #expect(bench.state("fan") == .on && bench.status("fan")?.last?.cause.kind == .timer)
        #expect(bench.status("fan")?.lasting == RelayLasting(state: .on, cause: Self.rule))
        bench.ask("fan", .override(.off, for: .seconds(600)))
        bench.ask("fan", .release)
        #expect(bench.state("fan") == .on && bench.status("fan")?.last?.cause.kind == .person)
        #expect(bench.drives.last?.drive.isSafe == false, "a command, noted first")
        #expect(bench.status("fan")?.lasting == RelayLasting(state: .on, cause: Self.rule))
    }

    @Test("a pulse to the other state leaves it with the rule, one to the same state does not")
    func pulse() {
        var bench = Self.bench()
        bench.ask("fan", .pulse(.seconds(5), .off))
        bench.pass(.seconds(5))
        #expect(bench.state("fan") == .on && bench.status("fan")?.lasting?.cause == Self.rule)
        bench.ask("fan", .pulse(.seconds(5), .on))
        #expect(bench.status("fan")?.lasting?.state == .off && bench.status("fan")?.lasting?.cause.kind == .person)
    }

    @Test("a machine's start with boot: last takes it up, and is said to be what switched it")
    func boot() {
        var bench = Self.bench { $0.boot = .last }
        bench.restart(.boot)
        #expect(bench.state("fan") == .on)
        #expect(bench.status("fan")?.lasting == RelayLasting(state: .on, cause: Self.rule))
        var late = Self.bench {
            $0.boot = .last; $0.minimumOff = .seconds(30)
        }
        late.restart(.boot)
        late.cardTakesNotes = false
        late.pass(.seconds(30))
        #expect(late.state("fan") == .on, "the state of a start waits for no note")
        #expect(late.status("fan")?.last?.cause.kind == .boot && late.status("fan")?.lasting?.cause.kind == .rule)
    }

    @Test("a state of a crash and of a boot is nobody's")
    func crash() {
        var bench = Self.bench { $0.onCrash = .off }
        bench.restart(.crash)
        #expect(bench.state("fan") == .off && bench.status("fan")?.lasting?.cause.kind == .crash)
        bench.restart(.boot)
        #expect(bench.status("fan")?.lasting?.cause.kind == .boot)
    }

    @Test("a load that comes on because nobody confirmed is on by that, and not by who wanted it off")
    func restore() {
        var bench = Bench([.plain("lamp") { ($0.boot, $0.restore) = (.on, .seconds(60)) }])
        bench.ask("lamp", .off)
        bench.pass(.seconds(60))
        #expect(bench.state("lamp") == .on && bench.status("lamp")?.lasting?.cause.kind == .timer)
    }
}
