import Platform
import Provision

/// The answer of `picli provision check-boot`.
struct BootDocument: Answer {
    var schema = 1
    let system: String
    /// nil when the board is not known, as on a mounted card.
    let model: String?
    let file: String?
    /// False when only files could be judged.
    let running: Bool
    let needsReboot: Bool
    let items: [BootItem]
    let findings: [BootFinding]

    /// - Parameter command: `picli provision` with what it takes to mean the same card.
    init(_ report: BootReport, command: String) {
        system = report.system.rawValue
        model = report.model
        file = report.file
        running = report.isRunning
        needsReboot = report.needsReboot
        items = report.items
        findings = report.findings.map { finding in
            var finding = finding
            finding.hint = finding.hint?.replacing("picli provision", with: command)
            return finding
        }
    }

    /// Exit code 2 when anything was found.
    var failure: Failure? {
        guard !findings.isEmpty else { return nil }
        let number = findings.count == 1 ? "one finding" : "\(findings.count) findings"
        return Failure(
            "boot.findings", "This unit does not boot as it should: \(number).",
            hint: findings.first { $0.severity == .error }?.hint ?? findings.first?.hint, status: .findings)
    }

    func text(for terminal: Terminal) -> String {
        let parts = [itemTable(for: terminal), findings.map { text(of: $0, for: terminal) }.joined(separator: "\n")]
        return heading + parts.filter { !$0.isEmpty }.map { "\n" + $0 }.joined()
    }

    private var heading: String {
        let place = "\(file ?? "config.txt"), \(systemName)" + (model.map { ", \($0)" } ?? "")
        return findings.isEmpty ? "\(place): good\n" : "\(place)\n"
    }

    private var systemName: String {
        switch BootSystem(rawValue: system) {
        case .raspberryPiOS: "Raspberry Pi OS"
        case .ubuntu: "Ubuntu"
        case .debian: "Debian"
        case .other, nil: "unknown system"
        }
    }

    private func itemTable(for terminal: Terminal) -> String {
        guard !items.isEmpty else { return "" }
        var table = Table(["SUBJECT", "WANTED", "CONFIG.TXT", "RUNNING", "STATE"].map { .init(title: $0) })
        for item in items {
            table.append([item.subject, item.wanted, item.configured ?? "-", item.live ?? "-", item.state.words])
        }
        return table.text(for: terminal)
    }

    /// `/boot/firmware/config.txt:12: error: …`, the form that editors jump from.
    private func text(of finding: BootFinding, for terminal: Terminal) -> String {
        let isError = finding.severity == .error
        let place = [finding.file, finding.line.map { "\($0)" }].compactMap(\.self).joined(separator: ":")
        let label = terminal.styled("\(finding.severity.rawValue):", isError ? .error : .warning)
        let sentence = finding.message.wrapped(to: terminal.width - 2).map { "  \($0)\n" }.joined()
        let hint = finding.hint.map { "Try: \($0)".wrapped(to: terminal.width - 2).map { "  \($0)\n" }.joined() } ?? ""
        return "\(place): \(label)\n\(sentence)\(hint)"
    }
}

extension BootItem.State {
    fileprivate var words: String {
        switch self {
        case .ok: "ok"
        case .missing: "missing"
        case .needsReboot: "needs a reboot"
        case .willVanish: "gone at the next boot"
        }
    }
}
