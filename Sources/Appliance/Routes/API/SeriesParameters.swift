import Site
import Web

extension SeriesQuery {
    static let parameters = ["metric", "from", "to", "step", "points", "limit", "cursor"]
    /// Metrics of one answer.
    static let maximumMetrics = 64
    static let maximumPoints = 5_000
    static let maximumLimit = 50_000

    /// Reads the parameters of `/api/v1/series`: the last hour, about 600 points, unless they say otherwise.
    ///
    /// - Throws: `Problem` 400 that names the parameter.
    init(query: String?, now: Int64) throws(Problem) {
        let parameters = try QueryParameters(query, known: Self.parameters, repeatable: ["metric"])
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
        let limit = try parameters.integer("limit", in: 1...Self.maximumLimit, default: 10_000)
        let cursor = parameters["cursor"]
        guard cursor.map({ $0.utf8.count <= 512 }) ?? true else {
            throw .parameter("cursor", "This is not a cursor: give back `next` of the last answer.", example: "")
        }
        self.init(
            metrics: metrics, from: from, to: to, step: try Self.step(parameters), limit: limit, cursor: cursor)
    }

    private static func step(_ parameters: QueryParameters) throws(Problem) -> Step {
        let points = try parameters.integer("points", in: 1...maximumPoints, default: 600)
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
            guard let seconds = Int(digits), (1...31_536_000).contains(seconds) else {
                throw .parameter(
                    "step", "step is auto, raw or a number of seconds from 1 to 31536000; this is \(quoted(text)).",
                    example: "step=60")
            }
            return .seconds(seconds)
        }
    }
}

/// The parameter `metric`, which may be repeated.
enum MetricParameter {
    static let example = "metric=enclosure.temperature"

    static func names(_ parameters: QueryParameters) throws(Problem) -> [String] {
        let names = parameters.all("metric")
        guard names.count <= SeriesQuery.maximumMetrics else {
            throw .parameter(
                "metric", "There are \(names.count) metrics; ask for \(SeriesQuery.maximumMetrics) at a time.",
                example: example)
        }
        for name in names where name.utf8.count > 256 || name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw .parameter("metric", "\(quoted(name)) is not the name of a metric.", example: example)
        }
        return names
    }
}
