import Platform
import Site
import Store
import Testing

@testable import Diagnose

@Suite("Facts that nobody knows in time")
struct PatienceTests {
    /// Says how long it would have waited.
    private struct Echo: CommandRunner {
        func run(_ command: Command) async throws -> CommandResult {
            CommandResult(status: 0, output: Array("\(command.timeout)".utf8))
        }
    }

    @Test("on a machine that is slow each program has a multiple of its time")
    func commands() async throws {
        let result = try await PatientCommands(Echo(), patience: 4).run(Command("ping", timeout: .seconds(5)))
        #expect(result.text == "\(Duration.seconds(20))")
    }

    @Test("what cannot be read of a damaged database follows from that")
    func stored() throws {
        var facts = try Trailer.facts()
        facts.databases = .known([DatabaseFacts(.init(kind: .logs, state: .damaged("row 3 is missing")))])
        facts.senders = .unknown("the database is malformed")
        facts.history = .unknown("no answer within 5 s")
        let ids = ["database.integrity", "sensors.noise", "router.logging", "camera.logging"]
        let findings = RootCauses(ids.map { ($0, facts.judged($0)) }).findings
        #expect(findings.filter(\.isRoot).map(\.key) == ["database.integrity logs.sqlite"])
        #expect(findings.count { $0.verdict == .unknown } == 3)
    }
}
