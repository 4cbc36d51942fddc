import NAS
import Site
import Web

extension ClipQuery {
    static let parameters: [APIParameter] = [
        .query("camera", .text(1...64), "Only what this camera has recorded.", example: .string("front")),
        TimeParameter.described("from", "Only clips that were finished since then.", example: "-24h"),
        TimeParameter.described("to", "Only clips that were finished before then.", example: "now"),
        limitNumber.described,
        .query(
            "cursor", .string(18...32, pattern: #"^[0-9]{1,15}\.[0-9a-f]{16}$"#),
            "Only clips behind this place of the list: the `next` of an answer.",
            example: .string("1772366400000.8f3c2a1b00000000")),
    ]
    private static let limitNumber = IntegerParameter("limit", in: 1...1000, default: 200, "How many clips at most.")

    /// Reads the parameters of `/api/v1/footage/clips`.
    ///
    /// - Throws: `Problem` 400 that names the parameter.
    init(_ parameters: QueryParameters, now: Int64) throws(Problem) {
        let from = try TimeParameter.value("from", of: parameters, now: now)
        let to = try TimeParameter.value("to", of: parameters, now: now)
        if let from, let to, from >= to {
            throw .parameter("from", "from has to be before to.", example: "from=-24h&to=now")
        }
        var cursor: ClipCursor?
        if let text = parameters["cursor"] {
            cursor = ClipCursor(text)
            guard cursor != nil else {
                throw .parameter(
                    "cursor", "This is no place of a list of clips.", example: "cursor=1772366400000.8f3c2a1b00000000")
            }
        }
        self.init(
            camera: parameters["camera"], from: from, to: to, limit: try parameters.integer(Self.limitNumber),
            before: cursor)
    }
}
