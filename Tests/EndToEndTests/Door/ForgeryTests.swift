import Foundation
import Site
import Testing

/// Pages of other sites, opened in the browser of somebody who is signed in to the unit.
@Suite("Pages of others", .serialized)
struct ForgeryTests {
    /// A request that changes something, as a form of a foreign page or its script may send it.
    private struct Attack {
        let path: String
        let fields: [(String, String)]
    }

    private static func attacks(token: String) -> [Attack] {
        let attacks = [
            Attack(path: "/sign-out", fields: []),
            Attack(
                path: "/account/password",
                fields: [("present", ProvisionedUnit.password), ("password", "four words of eves")]),
            Attack(path: "/account/tokens", fields: [("name", "evil"), ("role", "admin"), ("days", "")]),
            Attack(path: "/account/tokens/revoke", fields: [("id", "1")]),
            Attack(path: "/account/sessions/end", fields: [("id", "1")]),
            // Whoever does this has the victim work in the attacker's name.
            Attack(path: "/sign-in", fields: [("name", "eve"), ("password", ProvisionedUnit.password)]),
            Attack(path: "/setup", fields: [("token", token), ("name", "mallory"), ("password", "four words of m")]),
        ]
        // Also with a token of a form, which is none of this session.
        return attacks
            + attacks.prefix(3).map { attack in
                Attack(path: attack.path, fields: attack.fields + [("form_token", String(repeating: "A", count: 43))])
            }
    }

    private static func pages(_ attacks: [Attack], at unit: String) -> [String: String] {
        var pages: [String: String] = [:]
        for (index, attack) in attacks.enumerated() {
            let fields = attack.fields.map { "<input type=hidden name=\"\($0)\" value=\"\($1)\">" }.joined()
            pages["/form/\(index)"] = """
                <!doctype html><title>A prize</title><form method=post action="\(unit)\(attack.path)">\(fields)</form>
                <script>document.forms[0].submit()</script>
                """
        }
        pages["/script"] = script(unit)
        return pages
    }

    /// All that a script can try; `outcomes` is there when it has tried all, with what it could read of the answers.
    private static func script(_ unit: String) -> String {
        """
        <!doctype html><title>Another prize</title><img src="\(unit)/sign-out">
        <script>
        const form = (path, text) => [path, { method: "POST", mode: "no-cors", credentials: "include",
          headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: text }];
        const json = (path, method, body) => [path, { method, credentials: "include",
          headers: { "Content-Type": "application/json" }, body }];
        const user = JSON.stringify({ name: "mallory", role: "admin", password: "four words of m" });
        const tries = [
          form("/sign-out", ""), form("/account/tokens", "name=evil&role=admin"),
          form("/account/password", "present=four+words+of+hers&password=four+words+of+eves"),
          ["/api/v1/users", { method: "POST", mode: "no-cors", credentials: "include", body: user }],
          json("/api/v1/users", "POST", user), json("/api/v1/users/anna", "PATCH", '{"role":"viewer"}'),
          json("/api/v1/users/anna", "DELETE"), ["/api/v1/users", { credentials: "include" }],
          ["/account", { credentials: "include" }], ["/api/v1/latest", { mode: "no-cors", credentials: "include" }],
        ];
        Promise.all(tries.map(([path, options]) => fetch("\(unit)" + path, options)
          .then(async (answer) => answer.type + (await answer.text()), () => "refused")))
          .then((outcomes) => { window.outcomes = outcomes; });
        </script>
        """
    }

    @Test("a page of another site, or of another port of the unit's address, changes and reads nothing")
    func foreignPages() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin), ("eve", .viewer)]) { door in
            let attacks = Self.attacks(token: door.token)
            let pages = Self.pages(attacks, at: door.address)
            let identity = door.unit.state
            let own = (certificate: identity.appending(path: "web.crt"), key: identity.appending(path: "web.key"))
            try await ForeignSite.with("127.0.0.2", pages: pages) { cross in
                try await ForeignSite.with("127.0.0.1", tls: own, pages: pages) { same in
                    try await Browser.with { browser in
                        try await browser.open("\(door.address)/sign-in")
                        try await browser.fill(["name": "anna", "password": ProvisionedUnit.password])
                        try await browser.submit()
                        let before = try await door.kept()
                        // SameSite=Strict keeps the cookie from another site; another port is the same one.
                        for (site, sendsCookie) in [(cross, false), (same, true)] {
                            try await browser.watchNetwork()
                            try await attack(door, from: site, count: attacks.count, sendsCookie, browser)
                        }
                        #expect(try await door.kept() == before)
                        try await browser.open("\(door.address)/account")
                        #expect(try await browser.evaluate("document.querySelector('h1').innerText") == "anna")
                    }
                }
            }
        }
    }

    private func attack(
        _ door: ProvisionedUnit, from site: ForeignSite, count: Int, _ sendsCookie: Bool, _ browser: Browser
    ) async throws {
        for index in 0..<count {
            try await browser.open("\(site.address)/form/\(index)")
            try await eventually("form \(index) is answered") {
                try await browser.exchanges().count { $0.isAttack(on: door) && $0.status != 0 } == index + 1
            }
        }
        try await browser.open("\(site.address)/script")
        try await eventually("the script has tried all") {
            (try? await browser.evaluate("window.outcomes !== undefined", as: Bool.self)) == true
        }
        let outcomes = try await browser.evaluate("window.outcomes", as: [String].self)
        #expect(outcomes.count == 10 && outcomes.allSatisfy { ["opaque", "refused"].contains($0) }, "\(outcomes)")
        // What needs the unit's leave (CORS) was not even sent: its status is 0.
        let sent = try await browser.exchanges().filter { $0.isAttack(on: door) && $0.status != 0 }
        #expect(sent.count >= count + 4, "\(sent)")
        for exchange in sent {
            #expect([401, 403].contains(exchange.status), "\(exchange)")
            #expect(sendsCookie || !exchange.hasCookie, "another site's page sent the cookie: \(exchange)")
        }
        // Else nothing was shown of what keeps the other port out.
        if sendsCookie { #expect(sent.contains { $0.hasCookie && $0.status == 403 }, "\(sent)") }
    }
}

extension Browser.Exchange {
    /// Whether it is meant to change something at the unit.
    fileprivate func isAttack(on door: ProvisionedUnit) -> Bool {
        address.hasPrefix(door.address) && !["GET", "OPTIONS"].contains(method)
    }
}
