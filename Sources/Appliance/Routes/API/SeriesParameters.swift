import Site
import Web

extension SeriesQuery {
    static let parameters: [APIParameter] = [
        MetricParameter.described("Which series; a sensor's id means its first.", isRequired: true),
        TimeParameter.described(
            "from", "Where it begins, inclusive; an hour before the end where it is left out.", example: "-24h"),
        TimeParameter.described("to", "Where it ends, exclusive; now where it is left out.", example: "now"),
        .query(
            "step", .string(1...16, pattern: "^(auto|raw|[0-9]{1,8}s?)$").adding(["default": .string("auto")]),
            "Seconds per point, from 1 to \(maximumStep); `raw` for the stored readings; `auto` for about `points` of them.",
            example: .string("auto")),
        pointsNumber.described, limitNumber.described,
        .query(
            "cursor", .text(1...512), "Where an earlier answer stopped: its `next`.",
            example: .string("1772366400000.60")),
    ]
    private static let pointsNumber = IntegerParameter(
        "points", in: 1...5_000, default: 600, "With `step=auto`: about how many points each series is to have.")
    private static let limitNumber = IntegerParameter(
        "limit", in: 1...50_000, default: 10_000, "How many points the answer may have in all.")
    /// Seconds.
    private static let maximumStep = 31_536_000

    /// Reads the parameters of `/api/v1/series`: the last hour, about 600 points, unless they say otherwise.
    ///
    /// - Throws: `Problem` 400 that names the parameter.
    init(_ parameters: QueryParameters, now: Int64) throws(Problem) {
        let metrics = try MetricParameter.names(parameters)
        guard !metrics.isEmpty else {
            throw .parameter(
                "metric", "Say which metric; /api/v1/metrics lists them.", example: MetricParameter.example)
        }
        let to = try TimeParameter.value("to", of: parameters, now: now) ?? now
        let from = try TimeParameter.value("from", of: parameters, now: now) ?? max(0, to - 3_600_000)
        guard from < to else {
            throw .parameter(
                "from", "from has to be before to; to is now when it is not given.", example: "from=-24h&to=now")
        }
        self.init(
            metrics: metrics, from: from, to: to, step: try Self.step(parameters),
            limit: try parameters.integer(Self.limitNumber), cursor: parameters["cursor"])
    }

    private static func step(_ parameters: QueryParameters) throws(Problem) -> Step {
        let points = try parameters.integer(Self.pointsNumber)
        switch parameters["step"] {
        case nil, "auto": return .points(points)
        case let text? where parameters["points"] != nil:
            throw .parameter(
                "points", "points belongs to step=auto; with step=\(text.prefix(40)) the number of points follows.",
                example: "step=auto&points=\(points)")
        case "raw": return .raw
        case let text?:
            // A number of seconds, with or without its unit.
            let digits = text.hasSuffix("s") ? String(text.dropLast()) : text
            guard let seconds = Int(digits), (1...maximumStep).contains(seconds) else {
                throw .parameter(
                    "step",
                    "step is auto, raw or a number of seconds from 1 to \(maximumStep); this is \(quoted(text)).",
                    example: "step=60")
            }
            return .seconds(seconds)
        }
    }
}

/// The parameter `metric`, which may be repeated.
enum MetricParameter {
    static let example = "metric=enclosure.temperature"

    static func described(_ help: String, isRequired: Bool = false) -> APIParameter {
        .queries(
            "metric", .string(1...256, pattern: #"^[^\u0000-\u001f]+$"#), help,
            example: .string("enclosure.temperature"), isRequired: isRequired, most: 64)
    }

    static func names(_ parameters: QueryParameters) throws(Problem) -> [String] {
        let names = parameters.all("metric")
        for name in names where name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw .parameter("metric", "\(quoted(name)) is not the name of a metric.", example: example)
        }
        return names
    }
}
