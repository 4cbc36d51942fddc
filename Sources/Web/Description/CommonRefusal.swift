import Site

/// A refusal that any operation may answer; among the components of the document.
struct CommonRefusal: Sendable {
    let status: Int
    let reason: String

    /// Those of the door and of the connection itself, before any route is asked.
    static let all = [
        CommonRefusal(
            status: 400,
            reason: "The request, or a parameter of it, cannot be used; `parameter` names which, `example` a good one."),
        CommonRefusal(status: 401, reason: "Nobody is signed in."),
        CommonRefusal(
            status: 403,
            reason:
                "The role does not suffice, a session's password was given more than five minutes ago (`access.confirmation`), the request comes from a page of another site, or nobody may sign in to the unit yet."
        ),
        CommonRefusal(status: 408, reason: "The request did not arrive in time."),
        CommonRefusal(status: 413, reason: "The body is larger than \(ServerLimits.standard.body) bytes."),
        CommonRefusal(status: 415, reason: "The body is not JSON."),
        CommonRefusal(
            status: 421, reason: "On this machine, over plain HTTP: the unit does not answer to the name in `Host`."),
        CommonRefusal(
            status: 431,
            reason:
                "Request line and header fields have more than \(ServerLimits.standard.head) bytes, or \(ServerLimits.standard.headerCount) fields."
        ),
        CommonRefusal(status: 500, reason: "The unit could not answer; its log says why. Nothing was changed."),
        CommonRefusal(status: 503, reason: "Too much is asked of the unit at once, or its card cannot be read."),
    ]

    func isPossible(_ access: Access, isChange: Bool) -> Bool {
        switch status {
        case 401: access != .everybody
        case 415: isChange
        default: true
        }
    }

    /// `ContentTooLarge`: the title without spaces.
    var name: String { Problem(status: status, code: "", detail: "").title.filter { $0 != " " } }
    var reference: JSONValue { .object(["$ref": .string("#/components/responses/\(name)")]) }
    var json: JSONValue { Problem.response(reason, status: status) }
}
