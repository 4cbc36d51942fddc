import Platform
import Site
import Store

/// The metrics that a person named: `enclosure.temperature`, or `enclosure` for all that this sensor measures.
struct Selection {
    private let names: [String]

    init(_ names: [String]) { self.names = names }

    /// What is wanted of `all`; everything when nothing was named.
    ///
    /// Errors: `metric.unknown` for the first name that nothing answers to.
    func choose<Element>(from all: [Element], by metric: (Element) -> Metric) throws -> [Element] {
        guard !names.isEmpty else { return all }
        let known = all.map(metric)
        for name in names where !known.contains(where: { Self.matches(name, $0) }) {
            throw Self.unknown(name, among: known)
        }
        return all.filter { element in names.contains { Self.matches($0, metric(element)) } }
    }

    /// Full names, each once: what a series query takes.
    func names(in source: any ReadingSource) async throws -> [String] {
        var seen: Set<String> = []
        return try choose(from: await source.metrics(), by: \.metric).map(\.metric.name)
            .filter { seen.insert($0).inserted }
    }

    /// Throws when the answer does not know one of the names.
    func require(_ answer: SeriesAnswer, in source: any ReadingSource) async throws {
        guard let name = answer.unknown.first else { return }
        throw Self.unknown(name, among: try await source.metrics().map(\.metric))
    }

    private static func matches(_ name: String, _ metric: Metric) -> Bool {
        metric.name == name || metric.subject == name
    }

    private static func unknown(_ name: String, among known: [Metric]) -> Failure {
        let candidates = Set(known.flatMap { [$0.name, $0.subject] }).sorted()
        let nearest = candidates.map { ($0, $0.distance(to: name)) }.min { $0.1 < $1.1 }
        let isNear = nearest.map { $0.1 <= max(2, name.count / 3) } ?? false
        let guess = isNear ? nearest.map { " Did you mean '\($0.0)'?" } ?? "" : ""
        return Failure(
            "metric.unknown", "This unit has no readings of '\(name)'." + guess, hint: "picli readings list")
    }
}
