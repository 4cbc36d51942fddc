import Bench
import Foundation
import Glibc
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

    /// One that a command of the machine makes, and `picli diagnose --fix` sets right.
    ///
    /// - Parameter rest: Takes away what such a repair leaves by its nature.
    init(_ name: String, mends expected: String, isQuick: Bool = false, run cause: String, rest: String = "true") {
        testDescription = name
        self.expected = [expected]
        self.isQuick = isQuick
        self.cause = { try await $0.bench.run(cause) }
        self.cure = {
            try await $0.fix(expected)
            try await $0.bench.run(rest)
        }
    }

    /// Whether this is all that a diagnosis finds, the root cause first.
    func isNamed(by document: DiagnosisDocument) -> Bool { Self.roots(document, besides: expected) == expected }

    /// The keys of what is found, without what rightly remembers earlier faults.
    static func roots(_ document: DiagnosisDocument, besides expected: [String]) -> [String] {
        document.roots.filter { expected.contains($0.key) || !Patient.remembering.contains($0.id) }.map(\.key)
    }
}

/// Faults, one after the other on one machine, and what was found of each.
struct FaultRound: Sendable {
    /// All of them with `make test-faults`; CI tries the quick ones.
    static var triesAll: Bool { ProcessInfo.processInfo.environment["PICLI_BENCH_FAULTS"] != nil }

    /// Breaks, diagnoses and cures each, one after the other on one machine; a fault must be named first, with a reason
    /// and something to type, and nothing else be found.
    ///
    /// What a cure leaves is found with the next fault, or at the end.
    static func run(_ faults: [Fault], on patient: Patient) async throws {
        for fault in faults where fault.isQuick || triesAll {
            let name = fault.testDescription
            try await fault.cause(patient)
            let document = try await patient.diagnosis(until: fault.isNamed)
            #expect(fault.isNamed(by: document), "\(name): \(document.roots.map { "\($0.key): \($0.evidence)" })")
            let first = document.roots.first
            #expect(first?.cause != nil && first?.fix?.command != nil, "\(name): \(String(describing: first))")
            #expect(document.milliseconds < Int64(Patient.seconds) * 1000, "\(name): \(document.milliseconds) ms")
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
            name, first?.key ?? "nothing", first?.evidence ?? "", first?.fix?.command ?? "",
            (others + (folded.isEmpty ? [] : ["folded: " + Set(folded).sorted().joined(separator: ", ")]))
                .joined(separator: "; "),
        ]
        let line = "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
        // Suites run side by side, and each adds its lines whole.
        let file = try FileHandle(forAppendingTo: path)
        try file.write(contentsOf: Data(line.utf8))
        try file.close()
    }
}

extension FileHandle {
    /// What several write to at once, each at the end.
    fileprivate convenience init(forAppendingTo path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw PatientFailure("\(path) cannot be written") }
        self.init(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
