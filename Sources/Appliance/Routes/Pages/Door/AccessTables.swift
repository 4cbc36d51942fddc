import Site
import Web

/// By what somebody is in: their sessions and their tokens, each with the button that ends it.
struct AccessTables: Sendable {
    let form: PostForm
    let clock: LocalTime
    let now: Int64
    /// Where the buttons send what is to end.
    let endsSession: String
    let revokesToken: String

    func sessions(_ sessions: [Session]) -> HTML {
        guard !sessions.isEmpty else { return "<p class=\"none\">None.</p>" }
        let rows = sessions.map { session -> HTML in
            let end: HTML =
                form.visitor.proof == .session(session.id)
                ? "this one"
                : form.button(
                    "End", to: endsSession, hidden: [("id", String(session.id))], label: "End this session")
            return """
                <tr><td><bdi>\(session.address)</bdi></td><td><bdi>\(session.agent)</bdi></td>\
                <td>since \(time(session.begun.wall))</td><td>\(end)</td></tr>
                """
        }
        return """
            <div class="scroll"><table class="events access"><thead><tr><th scope="col">From</th><th scope="col">Browser</th>\
            <th scope="col">Begin</th><th scope="col"></th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    func tokens(_ tokens: [APIToken]) -> HTML {
        guard !tokens.isEmpty else { return "<p class=\"none\">None.</p>" }
        let rows = tokens.map { token -> HTML in
            let isOver = token.expires.map { $0 <= now } ?? false
            let over: HTML? = isOver ? " <span class=\"tag\">expired</span>" : nil
            let revoke = form.button(
                "Revoke", to: revokesToken, hidden: [("id", String(token.id))], label: "Revoke the token \(token.name)")
            return """
                <tr><td><bdi>\(token.name)</bdi></td><td>\(token.role.description)</td>\
                <td>used: \(time(token.lastUse))</td><td>expires: \(time(token.expires))\(over)</td><td>\(revoke)</td></tr>
                """
        }
        return """
            <div class="scroll"><table class="events access"><thead><tr><th scope="col">Name</th><th scope="col">May act as</th>\
            <th scope="col">Last use</th><th scope="col">End</th><th scope="col"></th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            """
    }

    /// - Parameter milliseconds: nil for never.
    func time(_ milliseconds: Int64?) -> HTML {
        milliseconds.map { clock.element($0, clock.full($0)) } ?? "never"
    }
}
