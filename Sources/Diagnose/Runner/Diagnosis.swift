public import Platform
public import Site

/// All checks on one unit: looks at everything side by side, then judges, then finds what follows from what.
public struct Diagnosis: Sendable {
    /// Which checks are asked for.
    public struct Selection: Sendable {
        let checks: [any Check]

        /// - Throws: `diagnose.unknown_check` for the first word that is neither an id nor an area.
        public init(_ words: [String] = []) throws(Failure) {
            let known = Catalogue.checks.map(\.id) + Catalogue.checks.map(\.area)
            for word in words where !known.contains(word) {
                throw Failure(
                    "diagnose.unknown_check", "There is no check '\(word)'.", hint: "picli diagnose --list-checks",
                    status: .usage)
            }
            checks = Catalogue.checks.filter { words.isEmpty || words.contains($0.id) || words.contains($0.area) }
        }

        private init(without probes: Set<Probe>) {
            checks = Catalogue.checks.filter { $0.needs.isDisjoint(with: probes) }
        }

        /// What a running unit asks itself every few minutes.
        ///
        /// Its own collectors and its own store watch sensors and databases; package lists and the broker take too long,
        /// and what was added by others runs as nobody, or not at all.
        public static let background = Selection(
            without: [.buses, .history, .databases, .updates, .broker, .doubles, .firewall, .unit, .plugins])
    }

    /// How far the looking has come.
    public struct Progress: Hashable, Sendable {
        public let done: Int
        public let all: Int
        /// What is still waited for.
        public let waiting: [String]
    }

    private let subject: Subject
    private let selection: Selection

    public init(of subject: Subject, selection: Selection) {
        self.subject = subject
        self.selection = selection
    }

    /// Looks and judges; at most ten seconds, because each probe has a limit below that and all begin at once.
    public func run(
        version: String, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> DiagnosisDocument {
        try await look(version: version, progress).document
    }

    /// What is seen beside the verdicts.
    public struct Seen: Sendable {
        public let document: DiagnosisDocument
        /// Who of the neighbours answered; nil when nobody could be asked.
        public let neighbours: [NeighbourFacts]?
        /// Of the sensors, as they were read now.
        public let readings: [Reading]
    }

    /// The same, with what was seen.
    public func look(version: String) async throws -> Seen {
        let (document, facts) = try await look(version: version) { _ in }
        return Seen(
            document: document, neighbours: facts.neighbours.value, readings: facts.buses.value?.readings ?? [])
    }

    private func look(
        version: String, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> (document: DiagnosisDocument, facts: Facts) {
        let start = subject.began ?? subject.clock.now
        let checks = selection.checks
        let facts = await Looking(subject, for: checks.reduce(into: []) { $0.formUnion($1.needs) }, progress).facts()
        try Task.checkCancellation()
        let findings = RootCauses(checks.map { ($0.id, $0.judge(facts)) }).findings
        let typed = subject.isPrivileged ? findings : findings.map(\.typedByAnybody)
        let elapsed = start.duration(to: subject.clock.now)
        let document = DiagnosisDocument(
            version: version, unit: facts.unitName, site: facts.site.value?.site.name,
            time: ISO8601.string(milliseconds: facts.now),
            milliseconds: elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000,
            limits: facts.limits, checks: typed)
        return (document, facts)
    }
}
