import HTTPTypes
import Hummingbird
import NIOCore
import Platform
import Site
import Synchronization
import Web

/// Answers the requests of a box's clients: who may ask, what is asked for, and the document after it.
final class ControlByWebDoor: Sendable {
    private let desk: ControlByWebDesk
    private let log: ControlByWebLog
    private let needsToken: Bool
    private let serial: String?
    private let place: (latitude: Double, longitude: Double)?
    private let now: @Sendable () -> Timestamp
    /// Refusals that may still be written down: who asks as often as they like does not fill the card.
    private let noting: Mutex<RateLimit>

    /// - Parameter serial: The address of the unit's network interface; nil where it has none.
    init(
        _ desk: ControlByWebDesk, log: ControlByWebLog, needsToken: Bool, serial: String?,
        place: (latitude: Double, longitude: Double)?, now: @escaping @Sendable () -> Timestamp
    ) {
        self.desk = desk
        self.log = log
        self.needsToken = needsToken
        self.serial = serial
        self.place = place
        self.now = now
        noting = Mutex(RateLimit(rate: 1, at: now().monotonic))
    }

    func answer(_ request: Request, _ caller: ForeignDoor.Caller) async -> Response {
        let origin = caller.origin.named(caller)
        if needsToken, case .anonymous = caller.principal {
            return await turnedAway(request, caller, origin)
        }
        guard let file = ControlByWebFile(path: request.uri.path) else {
            return .refusal(.init(status: 404, code: "http.404", detail: "A box has no such file here."))
        }
        guard [.get, .head, .post].contains(request.method) else {
            return .refusal(
                .init(
                    status: 405, code: "http.405", detail: "Allowed here: GET, HEAD, POST.", allowed: "GET, HEAD, POST")
            )
        }
        let isCommand = request.uri.query?.isEmpty == false
        let objection = isCommand ? objection(to: request, caller) : nil
        let query: ControlByWebQuery
        do throws(ControlByWebQuery.Mistake) {
            query = try ControlByWebQuery(request.uri.query, for: desk.box, isLog: file == .log)
        } catch {
            // Who may change nothing writes nothing down either.
            if objection == nil {
                let argument = error.argument.isEmpty ? "query" : error.argument.lowercased()
                await note("command", argument, "argument.invalid", origin)
            }
            // A name that the box knows, as the client wrote it.
            let lead = error.argument.isEmpty ? "" : "\(error.argument): "
            return .refusal(
                .init(status: 400, code: "argument.invalid", detail: "Nothing was done. \(lead)\(error.detail)"))
        }
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        if request.method == .post, hasBody, query.commands.isEmpty {
            return .refusal(
                .init(
                    status: 415, code: "http.415",
                    detail: "Nothing was done: the arguments stand behind the ? of the address."
                ))
        }
        var outcome = ControlByWebDesk.Outcome()
        if query.commands.isEmpty {
            if let stranger = stranger(caller) { return .refusal(stranger) }
        } else {
            if let objection {
                await note("command", file.path, objection.code, origin, query.commands)
                return .refusal(objection)
            }
            outcome = await desk.perform(query.commands, by: origin)
        }
        return await document(file, query, outcome)
    }

    // MARK: Who may

    private func turnedAway(
        _ request: Request, _ caller: ForeignDoor.Caller, _ origin: Origin
    ) async -> Response {
        let code = "access.token_refused"
        // A client that only reads, and first asks without its password, is none that guesses.
        let wants = try? ControlByWebQuery(request.uri.query, for: desk.box)
        let commands = wants?.commands ?? []
        if caller.showsCredentials || !commands.isEmpty {
            await note(caller.showsCredentials ? "password" : "command", "controlbyweb", code, origin, commands)
        }
        var response = Response.refusal(
            .init(
                status: 401, code: code,
                detail:
                    "This needs an API token of the unit as the password (Basic, whatever the name) or as a bearer token."
            ))
        response.headers[.wwwAuthenticate] = "Basic realm=\"picli\", charset=\"UTF-8\""
        return response
    }

    /// What keeps a request from changing anything; nil for nothing.
    private func objection(to request: Request, _ caller: ForeignDoor.Caller) -> Problem? {
        if request.method == .head {
            return Problem(status: 405, code: "http.405", detail: "HEAD changes nothing.", allowed: "GET, POST")
        }
        if caller.isForeignPage {
            return Problem(
                status: 403, code: "access.foreign_origin",
                detail:
                    "Nothing was done: a browser sent this, and not for a page of this address. Use the unit's own page, or a script."
            )
        }
        // Before anybody has opened the address, or instead of that.
        let purposes: [HTTPField.Name] = [.purpose, .secPurpose, .xMoz]
        if purposes.contains(where: { request.headers[$0]?.contains("fetch") == true }) {
            return Problem(
                status: 403, code: "access.prefetch",
                detail: "Nothing was done: a browser has sent this beforehand, and nobody has asked for it.")
        }
        if let stranger = stranger(caller) { return stranger }
        if needsToken, case .account(let account) = caller.principal, account.role < .operator {
            return Problem(
                status: 403, code: "access.denied",
                detail:
                    "Nothing was done: this needs the role operator; this token of \(account.name) may act as \(account.role)."
            )
        }
        return nil
    }

    /// Without a password a name that was pointed here is all that a page of somebody else needs, to switch and to read (DNS
    /// rebinding); nil for the unit's own names.
    private func stranger(_ caller: ForeignDoor.Caller) -> Problem? {
        guard !needsToken, !caller.isByOwnName else { return nil }
        return Problem(
            status: 421, code: "host.unknown",
            detail:
                "Nothing was done: the unit does not answer to that name. Call it by its address, or put the name into web.names of the site file."
        )
    }

    private func note(
        _ what: String, _ subject: String, _ code: String, _ origin: Origin, _ commands: [ControlByWebCommand] = []
    ) async {
        guard noting.withLock({ $0.take(at: now().monotonic) }) else { return }
        await desk.refuse(what, String(subject.prefix(48)), code, commands, origin)
    }

    // MARK: What is answered

    private func document(
        _ file: ControlByWebFile, _ query: ControlByWebQuery, _ outcome: ControlByWebDesk.Outcome
    ) async -> Response {
        var response: Response
        if file == .log {
            response = await logText()
        } else {
            let state = await desk.state
            let document = ControlByWebDocument(
                state, of: desk.box, file: file, serial: serial, place: place, showsUnits: query.showsUnits,
                showsColors: query.showsColors)
            response = Response.plain(
                file.isJSON ? document.json : document.xml, type: file.isJSON ? "application/json" : "text/xml")
            // The document is there all the same: who reads only that sees what is not known.
            if state.isAway { response.status = .serviceUnavailable }
        }
        if let refusal = outcome.refusal {
            // A status of its own where some of it was done: 4xx would say that nothing was.
            response.status = .init(code: outcome.done > 0 ? 207 : refusal.status)
            response.headers[.refused] = refusal.code
            if let wait = refusal.retryAfter { response.headers[.retryAfter] = "\(wait)" }
        }
        // Also where nothing was refused, and the document comes with 503: a register was set all the same.
        if !query.commands.isEmpty, response.status != .ok {
            // After one of which nobody knows, no other relay is asked for.
            let unknown = outcome.isUncertain ? ", 1 not known" : ""
            response.headers[.done] = "\(outcome.done) of \(query.commands.count)\(unknown)"
        }
        if query.hasNoReply { response.body = .init(byteBuffer: ByteBuffer()) }
        // What went wrong stands in the head.
        if file == .state, desk.box.isHeaderless, response.status == .ok { response.leaveOutHead() }
        return response
    }

    private func logText() async -> Response {
        do {
            if let text = try await log.text(from: desk.logBegin, now: now().wall) {
                return .plain(text, type: "text/plain")
            }
            return .refusal(
                .init(
                    status: 503, code: "log.busy", detail: "The log is being made for another client.", retryAfter: 2))
        } catch {
            return .refusal(
                .init(
                    status: 503, code: "history.unreadable", detail: "The history cannot be read at present.",
                    retryAfter: 10))
        }
    }
}

extension Response {
    /// A file of a box.
    fileprivate static func plain(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// One line for people: the clients of boxes read no problem documents.
    fileprivate static func refusal(_ problem: Problem) -> Response {
        var response = plain("\(problem.detail)\n", type: "text/plain; charset=utf-8")
        response.status = .init(code: problem.status)
        response.headers[.refused] = problem.code
        if let allowed = problem.allowed { response.headers[.allow] = allowed }
        if let wait = problem.retryAfter { response.headers[.retryAfter] = "\(wait)" }
        return response
    }
}

extension Origin {
    /// Where no token says who it is, the audit log calls them by what they speak.
    fileprivate func named(_ caller: ForeignDoor.Caller) -> Origin {
        guard case .anonymous = caller.principal else { return self }
        var origin = self
        origin.actor = "controlbyweb"
        return origin
    }
}

extension HTTPField.Name {
    /// The code of what was refused.
    fileprivate static var refused: Self { constant("X-Picli-Refused") }
    /// How many of the commands of a request were done, where the status is not 200.
    fileprivate static var done: Self { constant("X-Picli-Done") }

    /// How browsers say that they only prepare for a page that may be opened.
    fileprivate static var purpose: Self { constant("Purpose") }
    fileprivate static var secPurpose: Self { constant("Sec-Purpose") }
    fileprivate static var xMoz: Self { constant("X-Moz") }

    private static func constant(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("a constant") }
        return name
    }
}
