import ArgumentParser
import Platform
import Provision

struct IdentityVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the identity of this unit.",
        discussion: """
            Files and their modes, whether key, certificate and record belong together, the chain up to \
            ca.crt, names, dates, the clock, and whether the card is in its own board. Exits with 2 when \
            something is wrong; warnings alone leave it at 0.

            Example:
              picli identity verify --json
            """
    )

    @OptionGroup var unit: IdentityOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let findings = try await unit.open().findings(
            board: unit.board, earliest: BuildStamp.date * 1000, now: KernelClock.wall())
        let document = VerificationDocument(findings)
        try output.console.answer(document)
        try document.requireHealthy()
    }
}

/// The answer of `picli identity verify`.
struct VerificationDocument: Answer {
    struct Finding: Encodable {
        let severity: String
        let code: String
        let message: String
        let hint: String?
    }

    var schema = 1
    let healthy: Bool
    let findings: [Finding]

    init(_ findings: [IdentityFinding]) {
        healthy = !findings.contains { $0.severity == .error }
        self.findings = findings.map {
            Finding(severity: $0.severity.rawValue, code: $0.code, message: $0.message, hint: $0.hint)
        }
    }

    func text(for terminal: Terminal) -> String {
        guard !findings.isEmpty else { return "The identity is good.\n" }
        return findings.map { finding in
            let isError = finding.severity == IdentityFinding.Severity.error.rawValue
            let heading = terminal.styled(finding.severity + ":", isError ? .error : .warning)
            return "\(heading) \(finding.message)\n" + (finding.hint.map { "Try: \($0)\n" } ?? "")
        }.joined()
    }

    /// - Throws: `identity.unhealthy`, exit code 2.
    func requireHealthy() throws(Failure) {
        let errors = findings.filter { $0.severity == IdentityFinding.Severity.error.rawValue }.count
        guard !healthy else { return }
        throw Failure(
            "identity.unhealthy", "The identity has \(errors) fault\(errors == 1 ? "" : "s").",
            hint: "what is said with each of them", status: .findings)
    }
}
