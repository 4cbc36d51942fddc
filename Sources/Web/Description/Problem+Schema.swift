public import Site

extension Problem: Described {
    public static let schema = Schema.object([
        .required("title", .string(), "The reason phrase of the status (RFC 9110, 15)."),
        .required("status", .integer(400...599), "The status of the answer."),
        .required("code", .string(), "Stable, for programs: `parameter.invalid`."),
        .required("detail", .string(), "For people: what is wrong, and what to do. May change."),
        .optional("parameter", .string(), "The query parameter at fault."),
        .optional("example", .string(), "What a good one looks like."),
    ]).explained("Why a request was not answered (RFC 9457).").named("Problem")

    /// As it stands in an OpenAPI document (3.1.1, 4.8.17).
    static func response(_ text: String, status: Int) -> JSONValue {
        var members: [JSONValue.Member] = [.init(name: "description", value: .string(text))]
        let field: (name: String, help: String)? =
            switch status {
            case 401: ("WWW-Authenticate", "How one comes in.")
            case 429, 503: ("Retry-After", "Seconds after which it is worth trying again.")
            default: nil
            }
        if let field {
            let header = JSONValue.object(["description": .string(field.help), "schema": Schema.string().json])
            members.append(
                .init(name: "headers", value: .object([JSONValue.Member(name: field.name, value: header)])))
        }
        let content = JSONValue.Member(name: mediaType, value: .object(["schema": schema.json]))
        members.append(.init(name: "content", value: .object([content])))
        return .object(members)
    }
}
