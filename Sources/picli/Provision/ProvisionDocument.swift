import Platform
import Provision

/// The answer of `picli provision`: the unit that was made, and whether it works.
struct ProvisionDocument: Answer {
    struct Setup: Encodable {
        let page: String
        /// Opens the unit once, to whoever has it; left out when this run made none.
        let token: String?
        /// Whether the first login is still to come.
        let awaitsLogin: Bool
        /// The address with the token in it, as the label's code has it.
        let url: String?
    }

    var schema = 1
    let root: String
    let identity: IdentityDocument
    let changes: Int
    let steps: [PlanReportDocument.Step]
    let notes: [String]
    let selfTest: SelfTestDocument
    let setup: Setup
    /// The label and the sheet.
    let files: [String]
    /// The request that waits to be signed.
    let request: String?
    let needsReboot: Bool

    init(
        root: String, identity: UnitIdentity, report: PlanReportDocument, test: SelfTest, label: LabelContent,
        papers: [String], request: String?, needsReboot: Bool
    ) throws(Failure) {
        self.root = root
        self.identity = try IdentityDocument(identity, board: nil)
        changes = report.changes
        steps = report.steps
        notes = report.notes
        selfTest = SelfTestDocument(test, unit: self.identity.unit)
        setup = Setup(
            page: label.pageURL, token: label.token?.text, awaitsLogin: label.awaitsLogin,
            url: label.token == nil ? nil : label.setupURL)
        files = papers
        self.request = request
        self.needsReboot = needsReboot
    }

    func requirePassed() throws(Failure) { try selfTest.requirePassed() }

    func text(for terminal: Terminal) -> String {
        var lines = [changes == 0 ? "\(identity.unit): nothing had to be changed." : "\(identity.unit) is provisioned."]
        let certificate = identity.certificate.map { "\($0.serial), until \($0.notAfter.prefix(10))" }
        lines.append(row("certificate", certificate ?? "none yet"))
        lines.append(row("page", setup.page))
        if let token = setup.token {
            lines.append(row("first login", token))
        } else if setup.awaitsLogin {
            lines.append(row("first login", "its code was printed before; --new-token makes another"))
        }
        for file in files { lines.append(row("written", file)) }
        if let request { lines.append(row("to sign", request)) }
        lines.append("")
        return lines.map { $0 + "\n" }.joined() + selfTest.text(for: terminal) + next(for: terminal)
    }

    private func row(_ name: String, _ value: String) -> String {
        "  " + name + String(repeating: " ", count: 13 - name.count) + value
    }

    private func next(for terminal: Terminal) -> String {
        guard needsReboot else { return "" }
        return "\nThe firmware has new settings. Next: reboot, then picli provision self-test\n"
    }
}

/// The answer of `picli provision self-test`.
struct SelfTestDocument: Answer {
    var schema = 1
    let unit: String
    let verdict: String
    let passed: Bool
    let checks: [SelfTest.Check]

    init(_ test: SelfTest, unit: String) {
        self.unit = unit
        verdict = test.verdict
        passed = test.failed.isEmpty
        checks = test.checks
    }

    /// - Throws: `selfTest.failed`, exit code 2.
    func requirePassed() throws(Failure) {
        guard let first = checks.first(where: { $0.outcome == .failed }) else { return }
        throw Failure("selfTest.failed", "The self-test \(verdict).", hint: first.hint, status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        let width = checks.map(\.id.count).max() ?? 0
        return checks.map { check in
            let style: Terminal.Style? = check.outcome == .failed ? .error : check.outcome == .skipped ? .faint : nil
            let word = check.outcome.rawValue.padding(to: 8)
            let head = (style.map { terminal.styled(word, $0) } ?? word) + check.id.padding(to: width + 2)
            let hint = check.hint.map { "\n" + String(repeating: " ", count: 8) + "Try: \($0)" } ?? ""
            return head + check.message + hint + "\n"
        }.joined()
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
