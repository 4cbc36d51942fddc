import Foundation
import Hardware
import Platform
import Provision
import Site
import Store

/// Where the files of a bundle come from, each redacted by the class of what it holds.
struct BundleSources {
    static let reportName = "report.json"

    /// One file of the bundle.
    struct Source {
        let name: String
        let text: (inout Redactor.Counts) async throws -> String
    }

    private let subject: Subject
    private let redactor: Redactor
    private let report: DiagnosisDocument
    private let now = KernelClock.wall()

    /// Milliseconds.
    private static let hours: Int64 = 6 * 3_600_000
    static let week: Int64 = 7 * 86_400_000

    init(_ subject: Subject, _ privacy: Privacy, report: DiagnosisDocument) {
        self.subject = subject
        redactor = privacy.redactor
        self.report = report
    }

    var all: [Source] {
        [
            Source(name: Self.reportName) { try reportText(&$0) }, Source(name: "site.yaml") { try siteText(&$0) },
            Source(name: "unit.json") { try unitText(&$0) },
            Source(name: "readings.jsonl") { try await readingsText(&$0) },
            Source(name: "history.jsonl") { try await historyText(&$0) },
            Source(name: "events.jsonl") { try await eventsText(&$0) },
            Source(name: "logs.jsonl") { try await logsText(&$0) },
            Source(name: "service.log") { counts in
                try await program(
                    "journalctl", ["-u", "picli*", "-q", "--no-pager", "-o", "short-iso", "-n", "1500"], &counts)
            },
            Source(name: "kernel.log") { counts in
                try await program(
                    "journalctl", ["-k", "-b", "-q", "--no-pager", "-o", "short-monotonic", "-n", "800"], &counts)
            },
            Source(name: "services.txt") { counts in
                try await program(
                    "systemctl", ["list-units", "--all", "--plain", "--no-pager", "--no-legend"], &counts)
            },
            Source(name: "network.txt") { counts in
                var text = ""
                for object in ["address", "route", "neighbour"] {
                    text += "# ip \(object)\n" + (try await program("ip", [object], &counts)) + "\n"
                }
                return text
            },
            Source(name: "config.txt") { counts in
                guard let bytes = try subject.root.content(of: "/boot/firmware/config.txt") else {
                    throw NotHere("there is none")
                }
                return redactor.redacted(String(decoding: bytes, as: UTF8.self), &counts)
            },
            Source(name: "system.json") { _ in try systemText() },
        ]
    }

    // MARK: What each holds

    private func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    private func reportText(_ counts: inout Redactor.Counts) throws -> String {
        var report = report
        report.site = report.site.map { redactor.redacted($0, &counts) }
        report.limits = report.limits.map { redactor.redacted($0, &counts) }
        report.checks = report.checks.map { finding in
            var finding = finding
            finding.evidence = redactor.redacted(finding.evidence, &counts)
            finding.cause = finding.cause.map { redactor.redacted($0, &counts) }
            let text = finding.fix?.text.map { redactor.redacted($0, &counts) }
            let command = finding.fix?.command.map { redactor.redacted($0, &counts) }
            finding.fix = finding.fix.map { _ in Finding.Fix(text, command: command) }
            return finding
        }
        return try encoded(report)
    }

    private func siteText(_ counts: inout Redactor.Counts) throws -> String {
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        var found = counts
        let text = site.text { value in
            redactor.token(
                value.text, value.dataClass, kind: value.path.split(separator: ".").last.map(String.init) ?? "value",
                &found)
        }
        counts = found
        return text
    }

    /// Who it is; the board and its stations are somebody's.
    private func unitText(_ counts: inout Redactor.Counts) throws -> String {
        struct Unit: Encodable {
            let unit: String
            let databases: [String: String]
            let board: String?
            let stations: [String]
            let selfTest: String?
        }
        let identity = UnitIdentity(in: subject.root, state: subject.state)
        guard identity.exists else { throw NotHere("the unit is not provisioned") }
        let record = try identity.record()
        return try encoded(
            Unit(
                unit: record.unit.description,
                databases: Dictionary(
                    uniqueKeysWithValues: record.databases.map { ($0.key.rawValue, $0.value.id.description) }),
                board: record.board.map { redactor.token($0.description, .personal, kind: "board", &counts) },
                stations: record.macs.map { redactor.token($0, .personal, kind: "station", &counts) },
                selfTest: record.selfTest))
    }

    private func source() throws -> any ReadingSource {
        guard let source = subject.readings else { throw NotHere("there is neither a running unit nor its files") }
        return source
    }

    /// Numbers and reasons; a detail may quote anything, and stays here.
    private func readingsText(_ counts: inout Redactor.Counts) async throws -> String {
        var text = ""
        for reading in try await source().latest() {
            text += named(
                try encoded(
                    Reading(reading.metric, at: reading.time, outcome: reading.value, reason: reading.noData?.reason)),
                &counts)
        }
        return text
    }

    /// Ids of sensors are plain; without a site file that can be used, nobody knows which words are ids.
    private func named(_ line: String, _ counts: inout Redactor.Counts) -> String {
        if case .success = subject.site { line } else { redactor.redacted(line, &counts) }
    }

    private func historyText(_ counts: inout Redactor.Counts) async throws -> String {
        let source = try source()
        let names = try await source.metrics().map(\.metric.name)
        guard !names.isEmpty else { throw NotHere("nothing has been stored yet") }
        var text = ""
        // A question names a few series only.
        for start in stride(from: 0, to: names.count, by: 20) {
            let answer = try await source.series(
                SeriesQuery(
                    metrics: Array(names[start..<min(start + 20, names.count)]), from: now - Self.hours, to: now + 1,
                    step: .seconds(60), limit: 20_000))
            for series in answer.series where !series.points.isEmpty { text += named(try encoded(series), &counts) }
        }
        return text
    }

    private func eventsText(_ counts: inout Redactor.Counts) async throws -> String {
        let events = try await source().events(EventQuery(from: now - Self.week, limit: 1000))
        var text = ""
        for var recorded in events.map(\.event) {
            recorded.message = redactor.redacted(recorded.message, &counts)
            recorded.subject = redactor.redacted(recorded.subject, &counts)
            for (name, value) in recorded.values {
                if case .text(let words) = value { recorded.values[name] = .text(redactor.redacted(words, &counts)) }
            }
            text += try encoded(BundledEvent(recorded))
        }
        return text
    }

    private func logsText(_ counts: inout Redactor.Counts) async throws -> String {
        guard let logs = subject.logs else { throw NotHere("there is neither a running unit nor its files") }
        var lines: [RecordedLine] = []
        // A question is answered with a thousand at most.
        for _ in 1...3 {
            let answer = try await logs.lines(
                LogQuery(from: now - Self.hours, limit: 1000, before: lines.last?.id.sequence))
            lines += answer.lines
            if answer.lines.count < 1000 { break }
        }
        var text = ""
        for recorded in lines {
            text += try encoded(
                BundledLine(
                    recorded.line, source: redactor.redacted(recorded.line.source, &counts),
                    host: recorded.line.host.map { redactor.token($0, .personal, kind: "host", &counts) },
                    program: recorded.line.program.map { redactor.redacted($0, &counts) },
                    text: redactor.redacted(recorded.line.text, &counts)))
        }
        return text
    }

    private func program(
        _ name: String, _ arguments: [String], _ counts: inout Redactor.Counts
    ) async throws -> String {
        guard subject.root.isLive, subject.isInstalled else {
            throw NotHere("this unit is not a service of the machine")
        }
        let result = try await subject.commands.run(
            Command(name, arguments, timeout: .seconds(15), outputLimit: 2 << 20))
        return redactor.redacted(result.text, &counts)
    }

    private func systemText() throws -> String {
        struct System: Encodable {
            let version: String
            let model: String?
            let kernel: String?
            let sinceBoot: Int64
        }
        return try encoded(
            System(
                version: subject.version, model: BoardIdentity().model,
                kernel: try? SmallFile.text(at: "/proc/sys/kernel/osrelease", limit: 128),
                sinceBoot: KernelClock.sinceBoot()))
    }

    private struct Reading: Encodable {
        let metric: String
        let unit: String
        let time: String
        let value: Double?
        let reason: NoData.Reason?

        init(_ metric: Metric, at time: Timestamp, outcome: Double?, reason: NoData.Reason?) {
            self.metric = metric.name
            unit = metric.unit.rawValue
            self.time = ISO8601.string(milliseconds: time.wall)
            value = outcome
            self.reason = reason
        }
    }

    private struct BundledEvent: Encodable {
        let time: String
        let code: String
        let severity: Int
        let subject: String
        let message: String
        let values: [String: String]

        init(_ event: Event) {
            time = ISO8601.string(milliseconds: event.time.wall)
            code = event.code.rawValue
            severity = event.severity.rawValue
            subject = event.subject
            message = event.message
            values = event.values.mapValues { value in
                switch value {
                case .text(let text): text
                case .number(let number): "\(number)"
                case .flag(let flag): "\(flag)"
                }
            }
        }
    }

    private struct BundledLine: Encodable {
        let time: String
        let source: String
        let host: String?
        let severity: String
        let program: String?
        let text: String

        init(_ line: LogLine, source: String, host: String?, program: String?, text: String) {
            time = ISO8601.string(milliseconds: line.received.wall)
            self.source = source
            self.host = host
            severity = line.severity.name
            self.program = program
            self.text = text
        }
    }
}
