import Foundation
import NIOHTTP1
import Site
import Testing
import Web

/// Who may call what: every route of the unit, called as everybody there is.
@Suite("Routes and roles", .serialized)
struct RouteRoleTests {
    /// Written by hand: whoever adds a route, or opens one further, says so here, too.
    ///
    /// `!`: with a fresh password.
    private static let table = """
        everybody GET    /healthz
        everybody GET    /assets/:name
        everybody GET    /sign-in
        everybody POST   /sign-in
        everybody GET    /setup
        everybody POST   /setup
        viewer    GET    /
        viewer    GET    /history
        viewer    GET    /history.csv
        viewer    GET    /relays
        operator! POST   /relays/:id
        viewer    GET    /footage
        viewer    GET    /footage/play
        viewer    GET    /footage/clip
        operator! POST   /footage/eject
        admin!    POST   /footage/offer
        admin!    POST   /footage/format
        viewer    GET    /logs
        viewer    GET    /events
        viewer    GET    /support
        viewer    GET    /account
        viewer!   POST   /account/tokens
        viewer    POST   /account/tokens/revoke
        viewer    POST   /account/sessions/end
        viewer    POST   /account/password
        viewer!   POST   /account/second-factor
        viewer!   POST   /account/second-factor-code
        viewer!   POST   /account/second-factor-removal
        viewer    GET    /confirm
        viewer    POST   /confirm
        admin!    GET    /users
        admin!    POST   /users/add
        admin!    GET    /users/:name
        admin!    POST   /users/:name/role
        admin!    POST   /users/:name/reset
        admin!    POST   /users/:name/enable
        admin!    POST   /users/:name/disable
        admin!    POST   /users/:name/remove
        admin!    POST   /users/:name/sessions
        admin!    POST   /users/:name/tokens
        viewer    GET    /api/v1/openapi.json
        viewer    GET    /api/v1/metrics
        viewer    GET    /api/v1/latest
        viewer    GET    /api/v1/series
        viewer    GET    /api/v1/events
        viewer    GET    /api/v1/site
        viewer    GET    /api/v1/diagnosis
        viewer    STREAM /api/v1/live
        viewer    GET    /api/v1/logs
        viewer    GET    /api/v1/logs/sources
        viewer    STREAM /api/v1/logs/live
        viewer    GET    /metrics
        viewer    GET    /api/v1/relays
        viewer    GET    /api/v1/relays/:id
        operator! POST   /api/v1/relays/:id
        viewer    GET    /api/v1/relays/:id/history
        viewer    GET    /api/v1/footage
        viewer    GET    /api/v1/footage/clips
        operator! POST   /api/v1/footage/eject
        admin!    POST   /api/v1/footage/offer
        admin!    POST   /api/v1/footage/format
        admin     GET    /api/v1/users
        admin!    POST   /api/v1/users
        admin!    PATCH  /api/v1/users/:name
        admin!    DELETE /api/v1/users/:name
        admin     GET    /api/v1/audit
        admin     GET    /api/v1/audit/proof
        admin     GET    /audit
        viewer    POST   /sign-out
        """

    /// One method of one path, and the least role that it asks for; nil for everybody.
    struct Cell: Hashable, Sendable, CustomStringConvertible {
        let least: Role?
        let isFresh: Bool
        let method: String
        let path: String
        var description: String { "\(method) \(path)" }

        /// The path with its parameters filled in.
        var address: String {
            path.replacing("assets/:name", with: "assets/app.css").replacing("users/:name", with: "users/nobody-here")
                .replacing("relays/:id", with: "relays/nobody-here")
        }
        /// A script of a page says its session's token in a field of the head, a form in one of its own.
        var isOfPrograms: Bool { path.hasPrefix("/api/") }
        var changes: Bool { !["GET", "HEAD"].contains(method) }
    }

    static let cells: [Cell] = table.split(separator: "\n").flatMap { line in
        let words = line.split(separator: " ").map(String.init)
        let methods = ["GET": ["GET", "HEAD"], "STREAM": ["GET"]][words[1]] ?? [words[1]]
        let least = words[0].filter { $0 != "!" }
        return methods.map {
            Cell(least: Role(least), isFresh: least != words[0], method: $0, path: words[2])
        }
    }

    /// A good form of each, that leaves its sender where they were.
    static func fields(of path: String) -> [(String, String)] {
        switch path {
        case "/sign-in": [("name", "walker"), ("password", ProvisionedUnit.password)]
        case "/setup": [("token", "none"), ("name", "eve"), ("password", ProvisionedUnit.password)]
        case "/account/tokens": [("name", "walk"), ("role", "viewer"), ("days", "1")]
        case "/account/tokens/revoke", "/account/sessions/end": [("id", "123456")]
        case "/confirm": [(WaitingForm.password, ProvisionedUnit.password), ("next", "/users")]
        // The right one, so that it is not refused; the new one is too short to be taken.
        case "/account/password": [("present", ProvisionedUnit.password), ("password", "short")]
        default: []
        }
    }

    /// Somebody who calls.
    struct Caller: CustomStringConvertible {
        let description: String
        let role: Role?
        let visitor: Visitor
        var headers: [(String, String)] = []
        var session: Visitor.Session?

        func call(_ cell: Cell, _ extra: [(String, String)] = [], withToken: Bool = true) async throws -> Visitor.Reply
        {
            let session = withToken ? session : nil
            let method = HTTPMethod(rawValue: cell.method)
            guard cell.changes else { return try await visitor.ask(method, cell.address, headers + extra) }
            if cell.isOfPrograms {
                let token = session.map { [("X-Form-Token", $0.formToken)] } ?? []
                return try await visitor.ask(
                    method, cell.address, headers + token + extra, json: cell.method == "DELETE" ? nil : "{}")
            }
            return try await visitor.ask(
                method, cell.address, headers + extra,
                form: RouteRoleTests.fields(of: cell.path) + (session?.fields ?? []))
        }
    }

    private static let users: [(name: String, role: Role)] = [
        ("walker", .viewer), ("vera", .viewer), ("olaf", .operator), ("anna", .admin),
    ]

    /// Everybody there is, at a unit with users.
    private func callers(_ network: Visitor, _ loopback: Visitor) async throws -> [Caller] {
        var callers = [
            Caller(description: "signed out", role: nil, visitor: network),
            Caller(description: "a program on the unit", role: .viewer, visitor: loopback),
        ]
        let anna = try await network.session("anna")
        for role in Role.allCases {
            let secret = try await network.token("as \(role)", role.description, of: anna)
            for (visitor, place) in [(network, ""), (loopback, " on the unit")] where role != .viewer || place.isEmpty {
                callers.append(
                    Caller(
                        description: "a token as \(role)\(place)", role: role, visitor: visitor,
                        headers: [("Authorization", "Bearer \(secret)")]))
            }
        }
        for (name, role) in Self.users.dropFirst() {
            let session = try await network.session(name)
            callers.append(
                Caller(
                    description: name, role: role, visitor: network, headers: session.headers, session: session))
        }
        return callers
    }

    @Test("the table of this test is that of the unit")
    func whole() async throws {
        let served = try await ServedRoutes.table().map {
            Cell(least: $0.least, isFresh: $0.isFresh, method: $0.method, path: $0.path)
        }
        #expect(served.count > 50 && Set(served).count == served.count)
        #expect(Set(served).subtracting(Self.cells) == [], "served, and not in the table of this test")
        #expect(Set(Self.cells).subtracting(served) == [], "not served, or to others than the table says")
    }

    @Test("every route answers who may call it, and nobody else")
    func walk() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                try await Visitor.with(door.unit.address) { loopback in
                    let callers = try await callers(network, loopback)
                    #expect(callers.count == 10)
                    // Signing out comes last: see the table.
                    for caller in callers { for cell in Self.cells { try await expect(cell, as: caller) } }
                }
            }
        }
    }

    private func expect(_ cell: Cell, as caller: Caller) async throws {
        let reply = try await caller.call(cell)
        let place: Comment = "\(cell) as \(caller): \(reply.status) \(reply.body.prefix(200))"
        let isOfTLS = ["/sign-in", "/setup"].contains(cell.path) && cell.changes
        if isOfTLS, caller.visitor.address.hasPrefix("http:") {
            // In the clear nobody gives a password away.
            #expect(reply.status == 403 && reply.body.contains("https"), place)
        } else if cell.least.map({ least in caller.role.map { $0 >= least } ?? false }) ?? true {
            #expect(![401, 403].contains(reply.status) && reply.status < 500, place)
            #expect(reply.location?.hasPrefix("/sign-in?") != true, place)
        } else if caller.role == nil {
            #expect(reply.status == 401, place)
            let page = try await caller.call(cell, [("Accept", "text/html")])
            let isSentOn = cell.method == "GET" && !cell.isOfPrograms
            #expect(page.status == (isSentOn ? 303 : 401), "\(cell) as a page: \(page.status)")
            if isSentOn { #expect(page.location == "/sign-in?next=\(cell.address)") }
        } else {
            #expect(reply.status == 403, place)
        }
    }

    @Test("until somebody may sign in, only the setup page answers on the network, and reading goes on on the unit")
    func untilSetUp() async throws {
        try await ProvisionedUnit.with { door in
            try await Visitor.with(door.address) { network in
                let stranger = Caller(description: "a stranger", role: nil, visitor: network)
                for cell in Self.cells {
                    let reply = try await stranger.call(cell)
                    if cell.path == "/setup" && cell.changes {
                        // It is looked at, and refused for its token alone.
                        #expect(reply.status == 403 && reply.body.contains("not the setup token"), "\(cell): \(reply)")
                    } else if ["/setup", "/assets/:name"].contains(cell.path) {
                        #expect(reply.status == 200, "\(cell): \(reply.status)")
                    } else {
                        #expect(reply.status == 403, "\(cell): \(reply.status)")
                        #expect(cell.method == "HEAD" || reply.body.contains("setup.needed"), "\(cell): \(reply)")
                    }
                }
            }
            try await Visitor.with(door.unit.address) { loopback in
                let program = Caller(description: "a program on the unit", role: .viewer, visitor: loopback)
                for cell in Self.cells where !cell.changes { try await expect(cell, as: program) }
            }
        }
    }

    @Test("what changes something takes a session's own page, and no other")
    func forgery() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                let anna = try await network.session("anna")
                let caller = Caller(
                    description: "anna", role: .admin, visitor: network, headers: anna.headers, session: anna)
                let before = try await door.kept()
                let foreign: [[(String, String)]] = [
                    [("Origin", "https://evil.example")], [("Origin", "null")],
                    [("Origin", "http://127.0.0.1:\(door.port)")],
                    [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "none")],
                    [("Sec-Fetch-Site", "cross-site"), ("Origin", door.address)],
                ]
                for cell in Self.cells where cell.changes {
                    for headers in foreign {
                        let reply = try await caller.call(cell, headers)
                        #expect(reply.status == 403, "\(cell) with \(headers): \(reply.status)")
                    }
                    // Nobody's session is asked for at these two: their forms carry no token.
                    let isOfStrangers = cell.least == nil
                    let reply = try await caller.call(cell, withToken: false)
                    #expect(isOfStrangers || reply.status == 403, "\(cell) without its token: \(reply.status)")
                }
                var after = try await door.kept()
                // The one that was right in everything: signing in without a session.
                #expect(after.entries.count == before.entries.count + 1)
                #expect(after.sessions.count == before.sessions.count + 1)
                after.sessions = before.sessions
                after.entries = before.entries
                after.accounts = after.accounts.mapValues { account in
                    var account = account
                    account.lastLogin = before.accounts[account.id]?.lastLogin
                    return account
                }
                #expect(after == before)
                #expect(try await network.ask(.GET, "/account", anna.headers).status == 200, "the session is over")
            }
        }
    }

    @Test("reading changes nothing, whatever is asked")
    func readingChangesNothing() async throws {
        try await ProvisionedUnit.with(users: Self.users) { door in
            try await Visitor.with(door.address) { network in
                let anna = try await network.session("anna")
                _ = try await network.token("dashboard", "admin", of: anna)
                let before = try await door.kept()
                let queries = [
                    "name=eve&role=admin&password=four+words+of+hers&form_token=\(anna.formToken)",
                    "_method=DELETE&id=1",
                    "id=1", "present=four+words+of+hers&password=four+words+of+eves", "token=\(door.token)&name=eve",
                    "%25", "a=%00&b=%ff", "disabled=true&reset=true", "next=//evil.example",
                    "metric=battery.voltage&from=-9223372036854775808&to=9223372036854775807&points=9223372036854775807",
                    "before=-9223372036854775808&after=9223372036854775807&limit=-1&cursor=-9223372036854775808.raw",
                    Array(repeating: "x=1", count: 500).joined(separator: "&"),
                ]
                let headers =
                    anna.headers + [
                        ("X-Form-Token", anna.formToken), ("X-HTTP-Method-Override", "DELETE"),
                        ("X-HTTP-Method", "POST"),
                    ]
                // Also those paths that only a form of a page or a program goes to.
                for path in Set(Self.cells.map(\.address)) {
                    for query in queries {
                        let reply = try await network.ask(.GET, "\(path)?\(query)", headers)
                        #expect(reply.status < 500, "\(path)?\(query): \(reply.status)")
                    }
                }
                #expect(try await door.kept() == before)
            }
        }
    }
}
