import Diagnose
import Platform
import Site

/// The answer of `picli diagnose`.
struct DiagnosisAnswer: Answer {
    let document: DiagnosisDocument
    /// Also what is well and what was skipped.
    let showsAll: Bool

    init(_ document: DiagnosisDocument, showsAll: Bool = false) {
        self.document = document
        self.showsAll = showsAll
    }

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    /// - Throws: `diagnose.findings`, exit code 2, when something fails or gives no answer.
    func requireWell() throws(Failure) {
        guard document.verdict == .fail || document.verdict == .unknown, let first = document.roots.first else {
            return
        }
        throw Failure("diagnose.findings", "Something is wrong; begin with \(first.key).", status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        var blocks = [headline(terminal)]
        blocks += document.roots.map { block($0, terminal) }
        if showsAll { blocks.append(others(terminal)) }
        blocks.append(footer(terminal))
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// One line for a pipe.
    var line: String {
        guard let first = document.roots.first else { return "\(document.time) ok\n" }
        return "\(document.time) \(first.verdict.rawValue) \(first.key): \(first.evidence)\n"
    }

    // MARK: Parts

    private func headline(_ terminal: Terminal) -> String {
        let name = [document.site, document.unit].compactMap(\.self).joined(separator: ", ")
        let roots = document.roots
        let counts = [
            Self.count(roots.count { $0.verdict == .fail }, "fault"),
            Self.count(roots.count { $0.verdict == .unknown }, "check without an answer", "checks without an answer"),
            Self.count(roots.count { $0.verdict == .warn }, "warning"),
        ].compactMap(\.self)
        let verdict = counts.isEmpty ? "all is well" : counts.joined(separator: ", ")
        let tenths = (document.milliseconds + 50) / 100
        let text = "\(name.isEmpty ? "This unit" : name): \(verdict) (\(tenths / 10).\(tenths % 10) s)"
        return text.wrapped(to: terminal.width).map { terminal.styled($0, .heading) + "\n" }.joined()
    }

    private static func count(_ number: Int, _ noun: String, _ nouns: String? = nil) -> String? {
        number == 0 ? nil : "\(number) \(number == 1 ? noun : nouns ?? noun + "s")"
    }

    private func block(_ finding: Finding, _ terminal: Terminal) -> String {
        let subject = finding.subject.map { "  \($0)" } ?? ""
        var text = "\(Self.word(finding.verdict, terminal))\(terminal.styled(finding.id, .heading))\(subject)\n"
        text += Self.paragraph(finding.evidence, "", terminal)
        if let cause = finding.cause { text += Self.paragraph(cause, "Why:  ", terminal) }
        if let hands = finding.fix?.text { text += Self.paragraph(hands, "Do:   ", terminal) }
        // A command is typed as it stands: it is never broken.
        if let command = finding.fix?.command { text += "         Type: \(command)\n" }
        if finding.fix?.repair != nil {
            let sudo = finding.fix?.command?.hasPrefix("sudo ") == true ? "sudo " : ""
            text += "         Or:   \(sudo)picli diagnose --fix \(finding.id)\n"
        }
        let consequences = document.consequences(of: finding.key)
        if !consequences.isEmpty {
            let names = consequences.map(\.key).joined(separator: ", ")
            text += Self.paragraph("From it follow: \(names).", "", terminal)
        }
        return text
    }

    private static func word(_ verdict: Verdict, _ terminal: Terminal) -> String {
        let word: String
        let style: Terminal.Style
        switch verdict {
        case .fail: (word, style) = ("FAIL", .error)
        case .unknown: (word, style) = ("UNKNOWN", .warning)
        case .warn: (word, style) = ("WARN", .warning)
        case .ok: (word, style) = ("ok", .faint)
        case .skipped: (word, style) = ("skipped", .faint)
        }
        return terminal.styled(word, style) + String(repeating: " ", count: 9 - word.count)
    }

    private static func paragraph(_ text: String, _ head: String, _ terminal: Terminal) -> String {
        let indent = String(repeating: " ", count: 9)
        let hanging = indent + String(repeating: " ", count: head.count)
        return text.wrapped(to: terminal.width - hanging.count).enumerated().map { index, line in
            (index == 0 ? indent + head : hanging) + line + "\n"
        }.joined()
    }

    private func others(_ terminal: Terminal) -> String {
        document.checks.filter { !$0.isRoot }.map { finding in
            let follows = finding.follows.map { " (follows from \($0))" } ?? ""
            let head = Self.word(finding.verdict, terminal) + finding.key + follows + "\n"
            return head + Self.paragraph(finding.evidence, "", terminal)
        }.joined()
    }

    private func footer(_ terminal: Terminal) -> String {
        let well = document.checks.count { $0.verdict == .ok }
        let skipped = document.checks.count { $0.verdict == .skipped }
        var text = "\(well) well, \(skipped) skipped."
        if !showsAll { text += " All of them: picli diagnose --all" }
        return ([text] + document.limits).flatMap { $0.wrapped(to: terminal.width) }.map { $0 + "\n" }.joined()
    }
}

extension Diagnosis.Progress {
    /// For people who wait.
    var line: String { "\(done) of \(all) looked at; waiting for \(waiting.joined(separator: ", "))" }
}
