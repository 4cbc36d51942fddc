import Hummingbird
public import Site
public import Store
public import Web

/// The audit log, for admins: `/api/v1/audit`, `/api/v1/audit/proof`, and the page `/audit`.
public struct AuditRoutes: Sendable {
    private let journal: Journal
    private let pages: Pages

    public init(_ journal: Journal, pages: Pages) {
        self.journal = journal
        self.pages = pages
    }

    public func add(to routes: Routes) {
        let list = APIOperation(
            "listAudit", .users, "Who did what, newest first",
            details: "With `after` the oldest first.", parameters: AuditQuery.parameters)
        routes.get("/api/v1/audit", .atLeast(.admin), describedBy: list) { parameters, context in
            AuditDocument(try await journal.audit(AuditQuery(parameters, now: context.time)))
        }
        let prove = APIOperation(
            "proveAudit", .users, "Whether the audit log is what was written",
            details: "Reads the whole log and computes each digest anew.")
        routes.get("/api/v1/audit/proof", .atLeast(.admin), describedBy: prove) { _, _ in
            AuditProofDocument(try await journal.auditProof())
        }
        routes.get("/audit", .atLeast(.admin)) { request, context in
            await pages.seen(by: context.principal).audit(FormText.pairs(of: request.uri.query), of: journal)
                .response(to: request)
        }
    }
}

extension AuditQuery {
    static let parameters: [APIParameter] = [
        TimeParameter.described("from", "Only entries since then.", example: "-24h"),
        TimeParameter.described("to", "Only entries before then.", example: "now"),
        .query(
            "who", .text(1...256), "Only what this user, token or address did, or what was done to it.",
            example: .string("anna")),
        .query(
            "what", .string(1...64, pattern: #"^[a-z_]+(\.[a-z_]+)?$"#),
            "Only this action, or the actions that begin with this word and a dot.", example: .string("login.failed")),
        limitNumber.described, beforeNumber.described, afterNumber.described,
    ]
    private static let limitNumber = IntegerParameter("limit", in: 1...1000, default: 200, "How many entries at most.")
    private static let beforeNumber = IntegerParameter(
        "before", in: QueryParameters.rows, "Only entries before this one: the `next` of an answer.", example: 1200)
    private static let afterNumber = IntegerParameter(
        "after", in: QueryParameters.rows,
        "Only entries after this one, and the oldest first: 0, or the `next` of an answer.", example: 0)

    /// Reads the parameters of `/api/v1/audit`: the newest 200 of all, unless they say otherwise.
    ///
    /// - Throws: `Problem` 400 that names the parameter.
    init(_ parameters: QueryParameters, now: Int64) throws(Problem) {
        let from = try TimeParameter.value("from", of: parameters, now: now)
        let to = try TimeParameter.value("to", of: parameters, now: now)
        if let from, let to, from >= to {
            throw .parameter("from", "from has to be before to.", example: "from=-24h&to=now")
        }
        let what = parameters["what"]
        if let what, !Self.isAction(what) {
            throw .parameter(
                "what", "what is an action such as login.failed, or the word before its dot; this is \(quoted(what)).",
                example: "what=login")
        }
        self.init(
            from: from, to: to, who: parameters["who"], what: what,
            limit: try parameters.integer(Self.limitNumber),
            before: try parameters.integer(Self.beforeNumber).map { Int64($0) },
            after: try parameters.integer(Self.afterNumber).map { Int64($0) })
    }
}

extension AuditDocument {
    public init(_ page: AuditPage) {
        self.init(page.entries, faults: page.faults.map(\.sentence), next: page.next)
    }
}

extension AuditProofDocument {
    public init(_ proof: AuditProof) {
        self.init(entries: proof.count, newest: proof.newest, faults: proof.faults.map(\.sentence))
    }
}

extension AuditFault {
    /// What is wrong, and where.
    var sentence: String {
        switch self {
        case .altered(let id): "Entry \(id.sequence) is not what was written, or the one before it is not."
        case .missing(let id): "After entry \(id.sequence) entries are gone."
        }
    }
}
