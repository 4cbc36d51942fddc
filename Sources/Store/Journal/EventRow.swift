import FoundationEssentials
import GRDB
import Site

/// An event as a row of the journal.
enum EventRow {
    static func row(_ event: Event, sequence: Int64, deployment: String?) -> StoredRow {
        StoredRow(
            .event, id: sequence,
            [
                event.time.wall, event.time.boot, event.time.monotonic, event.time.isTrusted ? 1 : 0,
                event.code.rawValue, event.severity.rawValue, event.subject, event.message, details(event.values),
                event.cause?.database.description, event.cause?.sequence, deployment,
            ])
    }

    /// nil when the row is not an event of ours.
    static func event(_ row: StoredRow, identity: Identity) -> RecordedEvent? {
        guard let wall = row.int(0), let boot = row.int(1), let monotonic = row.int(2), let isTrusted = row.int(3),
            let code = row.text(4), let severity = row.int(5).flatMap({ Event.Severity(rawValue: Int($0)) }),
            let subject = row.text(6), let message = row.text(7)
        else { return nil }
        var cause: RowID?
        if let database = row.text(9).flatMap(DatabaseID.init), let sequence = row.int(10) {
            cause = RowID(database: database, sequence: sequence)
        }
        let time = Timestamp(wall: wall, boot: Int(boot), monotonic: monotonic, isTrusted: isTrusted == 1)
        let event = Event(
            Event.Code(rawValue: code), severity, subject: subject, message: message, values: values(row.text(8)),
            cause: cause, at: time)
        return RecordedEvent(id: identity.rowID(row.id), deployment: row.text(11), event: event)
    }

    /// JSON with sorted keys; nil for none.
    private static func details(_ values: [String: Event.Value]) -> String? {
        guard !values.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let values = values.mapValues { Detail(value: $0) }
        return (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func values(_ text: String?) -> [String: Event.Value] {
        guard let text, let details = try? JSONDecoder().decode([String: Detail].self, from: Data(text.utf8)) else {
            return [:]
        }
        return details.mapValues(\.value)
    }

    private struct Detail: Codable {
        var value: Event.Value

        init(value: Event.Value) { self.value = value }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                value = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number)
            } else {
                value = .text(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .text(let text): try container.encode(text)
            case .flag(let flag): try container.encode(flag)
            // JSON has no other numbers.
            case .number(let number) where number.isFinite: try container.encode(number)
            case .number(let number): try container.encode("\(number)")
            }
        }
    }
}
