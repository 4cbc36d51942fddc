import Site

/// One row of an export: a stored reading, a step with its mean, or a stretch without values and its reason.
///
/// The columns are a contract (docs/cli-json.md): new ones come at the end.
struct ExportRow {
    /// What is the same for every row of a series, escaped once.
    struct Labels {
        fileprivate let csvMetric: String
        fileprivate let csvUnit: String
        fileprivate let jsonMetric: String
        fileprivate let jsonUnit: String
        fileprivate let isSimulated: Bool

        init(_ metric: Metric) {
            csvMetric = metric.name.csvField
            csvUnit = metric.unit.rawValue.csvField
            jsonMetric = metric.name.jsonString
            jsonUnit = metric.unit.rawValue.jsonString
            isSimulated = metric.isSimulated
        }
    }

    static let csvHeading = "time,metric,value,unit,no_data,until,min,max,count,simulated\n"

    let time: Int64
    private let labels: Labels
    /// End of the step or of the stretch without values; nil for a single reading.
    private let until: Int64?
    private let point: SeriesPoint?
    /// A `NoData.Reason`, or `notRecorded` where the unit was off.
    private let noData: String?

    init(_ labels: Labels, _ point: SeriesPoint, step: Int?) {
        self.labels = labels
        self.point = point
        time = point.time
        until = step.map { point.time + Int64($0) * 1000 }
        noData = nil
    }

    init(_ labels: Labels, _ gap: SeriesGap) {
        self.labels = labels
        time = gap.from
        until = gap.to
        point = nil
        noData = gap.reason?.rawValue ?? "notRecorded"
    }

    /// RFC 4180, with the line ends of Unix.
    var csv: String {
        var line = ISO8601.string(milliseconds: time)
        line += ",\(labels.csvMetric),\(point.map { $0.mean.plain } ?? ""),\(labels.csvUnit),\(noData ?? ""),"
        line += until.map(ISO8601.string) ?? ""
        if let point {
            line += ",\(point.min.plain),\(point.max.plain),\(point.count)"
        } else {
            line += ",,,0"
        }
        return line + (labels.isSimulated ? ",true\n" : ",false\n")
    }

    /// One JSON object, keys sorted as everywhere.
    var json: String {
        var line = "{\"count\":\(point?.count ?? 0)"
        if let point { line += ",\"max\":\(point.max.plain)" }
        line += ",\"metric\":\(labels.jsonMetric)"
        if let point { line += ",\"min\":\(point.min.plain)" }
        if let noData { line += ",\"noData\":\"\(noData)\"" }
        line += ",\"schema\":1,\"simulated\":\(labels.isSimulated),\"time\":\"\(ISO8601.string(milliseconds: time))\""
        line += ",\"unit\":\(labels.jsonUnit)"
        if let until { line += ",\"until\":\"\(ISO8601.string(milliseconds: until))\"" }
        if let point { line += ",\"value\":\(point.mean.plain)" }
        return line + "}\n"
    }
}

extension Double {
    /// The shortest digits that read back as the same number; whole numbers without `.0`.
    fileprivate var plain: String {
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension String {
    /// A JSON string literal (RFC 8259, 7).
    var jsonString: String {
        var literal = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
