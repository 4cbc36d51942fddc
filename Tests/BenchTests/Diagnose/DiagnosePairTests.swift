import Bench
import Site
import Testing

/// Two faults at once: both are found, and neither takes the other's name.
@Suite("Diagnose: two faults at once", .bench)
struct DiagnosePairTests {
    /// Two faults that have nothing to do with each other.
    struct Pair: Sendable {
        let one: Fault
        let other: Fault

        init(_ one: String, _ other: String) {
            let all =
                DiagnoseSensorTests.faults + DiagnoseNetworkTests.faults + DiagnoseSystemTests.faults
            func fault(_ name: String) -> Fault {
                all.first { $0.testDescription == name }
                    ?? Fault("there is no fault '\(name)'", "none", run: "false", undo: "false")
            }
            self.one = fault(one)
            self.other = fault(other)
        }
    }

    private static let pairs = [
        Pair("a 1-Wire probe is pulled out", "the router's cable is pulled"),
        Pair("an I²C chip is pulled out", "rsyslog is stopped"),
        Pair("the I²C clock is held low", "secrets can be read by everybody"),
        Pair("the camera's cable is pulled", "the firewall was flushed"),
        Pair("another device has the unit's address", "a driver of the kernel holds a chip"),
        Pair("the router lets nothing out", "a program listens that nobody named"),
        Pair("long packets do not arrive", "a probe's answers are disturbed"),
        Pair("the name server does not know the fleet", "another service of the machine fails"),
        Pair("the 1-Wire line is shorted to ground", "the I²C clock is held low"),
        Pair("the disk is full", "the router hangs"),
    ]

    @Test("both are found, and nothing else", .enabled(if: FaultRound.triesAll, "they take minutes: make test-faults"))
    func pairs() async throws {
        try await Bench.resume(limit: .seconds(1200)) { bench in
            let patient = try await Patient.healthy(bench)
            for pair in Self.pairs {
                let name = "\(pair.one.testDescription), and \(pair.other.testDescription)"
                let expected = Set(pair.one.expected + pair.other.expected)
                try await pair.one.cause(patient)
                try await pair.other.cause(patient)
                func found(_ document: DiagnosisDocument) -> Set<String> {
                    Set(Fault.roots(document, besides: Array(expected)))
                }
                let document = try await patient.diagnosis { found($0) == expected }
                #expect(
                    found(document) == expected, "\(name): \(document.roots.map { "\($0.key): \($0.evidence)" })")
                try FaultRound.note(name, document)
                try await pair.one.cure(patient)
                try await pair.other.cure(patient)
            }
            try await patient.isWell("after the last cure")
        }
    }
}
