import Bench
import Foundation
import Site
import Testing

/// One thing that can go wrong at a site, made for real.
struct Fault: Sendable, CustomTestStringConvertible {
    /// As a technician says it.
    let testDescription: String
    /// The keys of all that must be found, the root cause first.
    let expected: [String]
    /// Whether CI tries it.
    var isQuick = false
    let cause: @Sendable (Patient) async throws -> Void
    let cure: @Sendable (Patient) async throws -> Void

    init(
        _ name: String, _ expected: String..., isQuick: Bool = false,
        cause: @escaping @Sendable (Patient) async throws -> Void,
        cure: @escaping @Sendable (Patient) async throws -> Void
    ) {
        testDescription = name
        self.expected = expected
        self.isQuick = isQuick
        self.cause = cause
        self.cure = cure
    }

    /// One that two commands of the machine make and undo.
    init(
        _ name: String, _ expected: String..., isQuick: Bool = false,
        run cause: String,
        undo cure: String
    ) {
        testDescription = name
        self.expected = expected
        self.isQuick = isQuick
        self.cause = { try await $0.bench.run(cause) }
        self.cure = { try await $0.bench.run(cure) }
    }
}

/// Faults, one after the other on one machine, and what was found of each.
struct FaultRound: Sendable {
    /// All of them with `make test-faults`; CI tries the quick ones.
    static var triesAll: Bool { ProcessInfo.processInfo.environment["PICLI_BENCH_FAULTS"] != nil }

    /// Breaks, diagnoses and cures each, one after the other on one machine; a fault must be named first, and nothing else
    /// be found.
    ///
    /// What a cure leaves is found with the next fault, or at the end.
    static func run(_ faults: [Fault], on patient: Patient) async throws {
        for fault in faults where fault.isQuick || triesAll {
            let name = fault.testDescription
            try await fault.cause(patient)
            let document = try await patient.diagnosis { $0.roots.map(\.key) == fault.expected }
            #expect(
                document.roots.map(\.key) == fault.expected,
                "\(name): \(document.roots.map { "\($0.key): \($0.evidence)" })")
            #expect(document.milliseconds < 10_000, "\(name): \(document.milliseconds) ms")
            try note(name, document)
            try await fault.cure(patient)
        }
        try await patient.isWell("after the last cure")
    }

    /// A row of the table of docs/diagnose.md, in the file that `PICLI_BENCH_TABLE` names.
    static func note(_ name: String, _ document: DiagnosisDocument) throws {
        guard let path = ProcessInfo.processInfo.environment["PICLI_BENCH_TABLE"] else { return }
        let first = document.roots.first
        let folded = first.map { document.consequences(of: $0.key).map(\.id) } ?? []
        let others = document.roots.dropFirst().map(\.key)
        let row = [
            name, first?.key ?? "nothing", first?.evidence ?? "",
            (others + (folded.isEmpty ? [] : ["folded: " + Set(folded).sorted().joined(separator: ", ")]))
                .joined(separator: "; "),
        ]
        let line = "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        let old = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
        try (old + Data(line.utf8)).write(to: URL(filePath: path))
    }
}
