import Foundation
import NIOHTTP1
import Site
import Testing

/// 200 texts that want to be scripts, through everything that reaches a page.
@Suite("Injected scripts", .serialized)
struct ScriptInjectionTests {
    /// Names of three payloads each: there may be 128 letters.
    private static func site(_ payloads: [String]) throws -> String {
        let names = ScriptPayloads.packed(payloads, in: 128)
        let sensors = try names.enumerated().map { index, name in
            "  - { id: s\(index), name: \(try ScriptPayloads.literal(name)), chip: ds18b20, "
                + "address: 28-0000075f\(String(0x1000 + index, radix: 16)), interval: 1m }"
        }
        return """
            site: { name: \(try ScriptPayloads.literal(names[0])) }
            network:
              router: { address: 127.0.0.2 }
              camera: { address: 127.0.0.3, name: \(try ScriptPayloads.literal(names[1])) }
            sensors:
            \(sensors.joined(separator: "\n"))
            """
    }

    private func lines(_ unit: Unit) async throws -> Int {
        try await unit.get("/api/v1/logs?limit=1000").decode(LogsDocument.self).lines.count
    }

    @Test("log lines, names of the site file and addresses of pages are text")
    func loggedAndNamed() async throws {
        let payloads = try ScriptPayloads.all()
        try await SyslogServer.with(site: Self.site(payloads)) { unit, server, _ in
            let messages = payloads.map { "<13>Sep 21 13:33:10 host app: \($0)\n" }.joined()
            try await server.send(Array(messages.utf8), from: "127.0.0.3")
            try await eventually("rows") { try await lines(unit) == payloads.count }
            try await Browser.with(limit: .seconds(180)) { browser in
                try await browser.open(unit.address + "/logs")
                let rows = "[...document.querySelectorAll('#lines td.line bdi')].map((line) => line.textContent)"
                #expect(try await Set(browser.evaluate(rows, as: [String].self)) == Set(payloads))
                try await ScriptPayloads.expectInert(browser, "lines")

                // Those that come while one looks; now as names of hosts and programs, where they have no blanks.
                let words = payloads.filter { !$0.contains(" ") && $0.utf8.count <= 32 }
                let named = words.map { "<13>1 2026-09-21T13:33:10Z \($0) \($0) 1 - - text\n" }.joined()
                try await server.send(Array(named.utf8), from: "127.0.0.3")
                try await eventually("live rows") {
                    try await browser.evaluate("\(rows).filter((text) => text.endsWith('text')).length", as: Int.self)
                        >= words.count
                }
                try await ScriptPayloads.expectInert(browser, "live lines")

                for path in ["/", "/history", "/logs", "/events", "/support"] {
                    try await browser.open(unit.address + path)
                    // What the page's own script makes of it.
                    try await Task.sleep(for: .milliseconds(300))
                    try await ScriptPayloads.expectInert(browser, path)
                }
                let names = ScriptPayloads.packed(payloads, in: 128)
                try await browser.open(unit.address + "/")
                let shown = "[...document.querySelectorAll('.tile .name bdi')].map((name) => name.textContent)"
                #expect(try await Set(browser.evaluate(shown, as: [String].self)).isSuperset(of: names))
                #expect(try await browser.evaluate("document.querySelector('.site bdi').textContent") == names[0])
                #expect(
                    try await browser.evaluate(
                        "document.title.endsWith(\(ScriptPayloads.literal(names[0])))", as: Bool.self))
                try await queries(payloads, unit, browser)
            }
        }
    }

    private func queries(_ payloads: [String], _ unit: Unit, _ browser: Browser) async throws {
        let request = """
            (payload) => {
              const text = encodeURIComponent(payload);
              const all = (names) => names.map((name) => `${name}=${text}`).join('&');
              const search = (page) => page.querySelector('[name=search]').value === payload ? '' : 'the words are others';
              return [
                ['/logs?' + all(['search', 'source', 'severity', 'range', 'from', 'to', 'before', text]), {}, search],
                ['/history?' + all(['metric', 'range', 'view', 'from', 'to', text])],
                ['/history.csv?' + all(['metric', 'range'])], ['/events?' + all(['before', 'level', 'code', 'from', text])],
                ['/' + text], ['/assets/' + text], ['/api/v1/series?' + all(['metric'])],
                ['/api/v1/logs?' + all(['source'])],
              ];
            }
            """
        #expect(try await ScriptPayloads.fetch(payloads, request, in: browser) == 8 * payloads.count)
        for text in ScriptPayloads.packed(payloads, in: 800) {
            let text = Visitor.encoded(text)
            for path in [
                "/logs?search=\(text)&source=\(text)&severity=\(text)", "/history?metric=\(text)&range=\(text)",
                "/\(text)",
            ] {
                try await browser.open(unit.address + path)
                try await ScriptPayloads.expectInert(browser, path)
            }
        }
    }

    @Test("what is typed where people come in is text, and where they are sent is a page of the unit")
    func atTheDoor() async throws {
        let payloads = try ScriptPayloads.all()
        try await ProvisionedUnit.with { door in
            try await Browser.with(limit: .seconds(180)) { browser in
                try await browser.open("\(door.address)/setup")
                let form = """
                    { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' },
                      body: new URLSearchParams(FIELDS) }
                    """
                func isKept(_ name: String, _ count: Int) -> String {
                    "page.querySelector('[name=\(name)]').value === payload.slice(0, \(count))"
                }
                let setUp = """
                    (payload) => [['/setup', \(form.replacing("FIELDS", with: "{ token: payload, name: payload, password: payload }")),
                      (page) => \(isKept("token", 64)) && \(isKept("name", 32)) ? '' : 'what was typed is another']]
                    """
                #expect(try await ScriptPayloads.fetch(payloads, setUp, in: browser) == payloads.count)
                try await ScriptPayloads.expectInert(browser, "setup")

                try await Visitor.with(door.address) { network in
                    let made = try await network.ask(
                        .POST, "/setup",
                        form: [("token", door.token), ("name", "anna"), ("password", ProvisionedUnit.password)],
                        from: "127.0.0.2")
                    #expect(made.status == 303)
                }
                try await browser.open("\(door.address)/sign-in")
                let signIn = """
                    (payload) => [
                      ['/sign-in', \(form.replacing("FIELDS", with: "{ name: payload, password: payload, next: '/' + payload }")),
                        (page) => \(isKept("name", 32)) ? '' : 'the name is another'],
                      ...[payload, '/' + payload, '//' + payload, '/\\\\' + payload].map((next) => [
                        '/sign-in?next=' + encodeURIComponent(next), {},
                        (page) => { const kept = page.querySelector('[name=next]').value;
                          return kept === '/' || (kept === next && next.startsWith('/') && !/^[/][/\\\\]/.test(next))
                            ? '' : 'people are sent to ' + kept; } ]),
                      ['/setup?token=' + encodeURIComponent(payload), { redirect: 'follow' }],
                    ]
                    """
                #expect(try await ScriptPayloads.fetch(payloads, signIn, in: browser) == 6 * payloads.count)
                for text in ScriptPayloads.packed(payloads, in: 900) {
                    try await browser.open(
                        "\(door.address)/sign-in?next=/\(Visitor.encoded(text.replacing(" ", with: "/")))")
                    try await browser.fill(["name": text, "password": text])
                    try await browser.submit()
                    try await ScriptPayloads.expectInert(browser, "sign-in")
                }
            }
        }
    }

    @Test("names of tokens, and what browsers call themselves, are text on the page of an account")
    func onTheAccount() async throws {
        let payloads = try ScriptPayloads.all()
        let agents = ScriptPayloads.packed(payloads, in: 160)
        let names = ScriptPayloads.packed(payloads, in: 64)
        // One user has 20 sessions at most, with that of the test.
        let parts = stride(from: 0, to: agents.count, by: 19).map { Array(agents[$0..<min($0 + 19, agents.count)]) }
        let users = parts.indices.map { (name: "user\($0)", role: Role.viewer) } + [(name: "anna", role: Role.admin)]
        try await ProvisionedUnit.with(users: users, agents: parts) { door in
            try await Browser.with(limit: .seconds(180)) { browser in
                for (index, part) in parts.enumerated() {
                    try await browser.open("\(door.address)/sign-in")
                    try await browser.fill(["name": users[index].name, "password": ProvisionedUnit.password])
                    try await browser.submit()
                    try await browser.open("\(door.address)/account")
                    let cells = "[...document.querySelectorAll('td bdi')].map((cell) => cell.textContent)"
                    #expect(try await Set(browser.evaluate(cells, as: [String].self)).isSuperset(of: part))
                    try await ScriptPayloads.expectInert(browser, "sessions of \(users[index].name)")
                    let own = names.indices.filter { $0 % parts.count == index }.map { names[$0] }
                    try await tokens(own, browser)
                    try await browser.open("\(door.address)/")
                    try await browser.submit(".leave")
                }
            }
            // One that comes by the way that all come.
            try await Visitor.with(door.address) { network in
                let session = try await network.session("anna", ProvisionedUnit.password, [("User-Agent", agents[0])])
                let page = try await network.ask(.GET, "/account", session.headers)
                #expect(!page.body.contains("<script>") && page.body.contains("&lt;script&gt;"))
            }
        }
    }

    /// Makes tokens of these names, fifty at a time, and looks at the page each time.
    private func tokens(_ names: [String], _ browser: Browser) async throws {
        for start in stride(from: 0, to: names.count, by: 50) {
            let some = Array(names[start..<min(start + 50, names.count)])
            let form =
                "{ method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams"
            let make = """
                (name) => [['/account/tokens', \(form)({ name, role: 'viewer', days: '1',
                  form_token: document.querySelector('[name=form_token]').value }) },
                  (page) => [...page.querySelectorAll('td bdi')].some((cell) => cell.textContent === name)
                    ? '' : 'it is not listed']]
                """
            #expect(try await ScriptPayloads.fetch(some, make, in: browser) == some.count)
            let address = try await browser.evaluate("location.href", as: String.self)
            try await browser.open(address)
            try await ScriptPayloads.expectInert(browser, "tokens")
            let revoke = """
                (id) => [['/account/tokens/revoke', { redirect: 'follow', ...\(form)({ id,
                  form_token: document.querySelector('[name=form_token]').value }) } }]]
                """
            let ids = try await browser.evaluate(
                "[...document.querySelectorAll('form[action=\"/account/tokens/revoke\"] [name=id]')].map((field) => field.value)",
                as: [String].self)
            #expect(ids.count == some.count)
            #expect(try await ScriptPayloads.fetch(ids, revoke, in: browser) == ids.count)
        }
    }
}
