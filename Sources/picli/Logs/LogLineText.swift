import Site
import Store

/// A line as it is read at a terminal, and as a row of a file.
struct LogLineText {
    let recorded: RecordedLine

    init(_ recorded: RecordedLine) { self.recorded = recorded }

    /// `2026-11-21 01:02:03Z router warning pppd[812]: LCP terminated`.
    func text(for terminal: Terminal, _ names: SenderNames) -> String {
        let line = recorded.line
        let severity = line.severity.name
        let isBad = line.severity.rawValue <= SyslogSeverity.error.rawValue
        let program = line.program.map { "\($0): " } ?? ""
        let mark = line.received.isTrusted ? "" : " (clock not set)"
        return "\(WallText.second(line.received.wall))\(mark) \(names[line.source]) "
            + "\(isBad ? terminal.styled(severity, .error) : severity) \(program)\(line.text.printable)\n"
    }

    static let csvHeading = "time,source,severity,facility,program,text,host,claimed,sequence\n"

    /// RFC 4180, with the line ends of Unix; new columns come at the end.
    ///
    /// What others wrote is no formula of a spreadsheet.
    var csv: String {
        let line = recorded.line
        let fields = [
            ISO8601.string(milliseconds: line.received.wall), line.source, line.severity.name, line.facility.name,
            (line.program ?? "").csvText, line.text.csvText, (line.host ?? "").csvText,
            line.claimed.map { ISO8601.string(milliseconds: $0) } ?? "", String(recorded.id.sequence),
        ]
        return fields.map(\.csvField).joined(separator: ",") + "\n"
    }
}

extension String {
    /// Without what a terminal takes for an order: the C1 controls, which rsyslog leaves in.
    var printable: String {
        guard unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) || $0.value < 0x20 }) else {
            return self
        }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { (0x7F...0x9F).contains($0.value) || $0.value < 0x20 ? "\u{FFFD}" : $0 }))
    }
}

/// What the site file calls the senders, by address.
struct SenderNames {
    private let names: [String: String]

    /// None where only a program reads the answer, or where they cannot be had: an address will do.
    init(_ archive: any LogArchive, for console: Console) async {
        let sources = console.format == .text ? try? await archive.sources().sources : nil
        names = Dictionary((sources ?? []).map { ($0.address, $0.name ?? $0.address) }) { first, _ in first }
    }

    subscript(address: String) -> String { names[address] ?? address }
}

/// Lines that were searched for.
struct FoundLines: Answer {
    let document: LogsDocument
    let names: SenderNames

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    /// The newest last, as a log is read.
    func text(for terminal: Terminal) -> String {
        let lines = document.lines.sorted { $0.id.sequence < $1.id.sequence }
        guard !lines.isEmpty else { return "No line matches.\n" }
        return lines.map { LogLineText($0).text(for: terminal, names) }.joined()
    }
}

extension LogSourcesDocument: Answer {
    func text(for terminal: Terminal) -> String {
        guard !sources.isEmpty else {
            return "Nobody may send log lines: the site file names neither a router nor a camera.\n"
        }
        var table = Table([
            .init(title: "NAME"), .init(title: "ADDRESS"), .init(title: "NEWEST", alignment: .right),
            .init(title: "LINES", alignment: .right), .init(title: "NOT STORED", alignment: .right),
            .init(title: "NOTE"),
        ])
        for source in sources {
            table.append([
                source.name ?? "-", source.address,
                source.silence.map { Numeral.age(milliseconds: Int64($0 * 1000)) } ?? "never", String(source.lines),
                String(source.dropped), Self.note(source),
            ])
        }
        return table.text(for: terminal)
    }

    private static func note(_ source: Source) -> String {
        guard let silence = source.silence else { return "set this unit as its syslog server, port 514" }
        if let habit = source.habit, silence > habit { return "silent for longer than usual" }
        return ""
    }
}
