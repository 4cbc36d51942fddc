public import Site

/// One question about a unit: facts in, verdict out.
///
/// Pure, so that every verdict can be tested with facts alone.
public protocol Check: Sendable {
    /// Stable, `area.check`.
    var id: String { get }
    /// What it looks at, for `--list-checks`.
    var title: String { get }
    /// What has to be looked at first.
    var needs: Set<Probe> { get }

    func judge(_ facts: Facts) -> [Judgement]
}

extension Check {
    /// `power` of `power.voltage`.
    public var area: String { String(id.prefix { $0 != "." }) }

    /// Judges a fact that is known; says why when it is not.
    ///
    /// - Parameter deeper: Findings that would explain that nobody knows it.
    func with<Value>(
        _ fact: Fact<Value>, unlessAfter deeper: [Judgement.Deeper] = [], _ body: (Value) -> [Judgement]
    ) -> [Judgement] {
        switch fact {
        case .known(let value): return body(value)
        case .skipped(let reason): return [.skipped(reason)]
        case .unknown(let reason):
            var judgement = Judgement.unknown(reason)
            judgement.deeper = deeper
            return [judgement]
        }
    }

    /// Judges what the unit has stored, which it cannot tell when its databases are damaged or it hangs.
    func withStored<Value>(_ fact: Fact<Value>, _ body: (Value) -> [Judgement]) -> [Judgement] {
        with(
            fact,
            unlessAfter: [
                .init("board.errors"), .init("board.writable"), .init("database.integrity"), .init("services.answer"),
            ], body)
    }

    /// Judges the buses, where they are real.
    func withBuses(_ facts: Facts, _ body: (BusFacts) -> [Judgement]) -> [Judgement] {
        facts.isSimulated ? [.skipped("the buses are simulated")] : with(facts.buses, body)
    }

    /// Judges the I2C buses, where they are real and the site file has a sensor on one.
    func withI2C(_ facts: Facts, _ body: (BusFacts) -> [Judgement]) -> [Judgement] {
        withBuses(facts) { $0.i2c.isEmpty ? [.skipped("the site file has no sensor on I²C")] : body($0) }
    }
}

/// What a check says about one thing, before it is known what it follows from.
public struct Judgement: Hashable, Sendable {
    public var subject: String?
    public var verdict: Verdict
    public var evidence: String
    public var cause: String?
    public var fix: Finding.Fix?
    /// Deeper findings that would explain it, the likeliest first.
    public var deeper: [Deeper]

    /// A finding of another check that may be the cause.
    public struct Deeper: Hashable, Sendable {
        let id: String
        /// nil: whatever it is about.
        let subject: String?

        init(_ id: String, _ subject: String? = nil) {
            self.id = id
            self.subject = subject
        }
    }

    static func ok(_ evidence: String, _ subject: String? = nil) -> Judgement {
        Judgement(subject: subject, verdict: .ok, evidence: evidence, deeper: [])
    }

    static func skipped(_ reason: String, _ subject: String? = nil) -> Judgement {
        Judgement(subject: subject, verdict: .skipped, evidence: reason, deeper: [])
    }

    static func unknown(_ reason: String, _ subject: String? = nil) -> Judgement {
        Judgement(subject: subject, verdict: .unknown, evidence: reason, deeper: [])
    }

    /// - Parameter command: Left out where `repair` is given: then that is what is typed.
    static func warn(
        _ evidence: String, _ subject: String? = nil, cause: String? = nil, do text: String? = nil,
        type command: String? = nil, repair: Finding.Repair? = nil, after deeper: [Deeper] = []
    ) -> Judgement {
        make(.warn, evidence, subject, cause, .init(text, command: command ?? repair?.typed, repair: repair), deeper)
    }

    static func fail(
        _ evidence: String, _ subject: String? = nil, cause: String? = nil, do text: String? = nil,
        type command: String? = nil, repair: Finding.Repair? = nil, after deeper: [Deeper] = []
    ) -> Judgement {
        make(.fail, evidence, subject, cause, .init(text, command: command ?? repair?.typed, repair: repair), deeper)
    }

    private static func make(
        _ verdict: Verdict, _ evidence: String, _ subject: String?, _ cause: String?, _ fix: Finding.Fix,
        _ deeper: [Deeper]
    ) -> Judgement {
        Judgement(
            subject: subject, verdict: verdict, evidence: evidence, cause: cause,
            fix: fix.text == nil && fix.command == nil ? nil : fix, deeper: deeper)
    }
}
