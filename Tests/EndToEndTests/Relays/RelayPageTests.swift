import Foundation
import NIOHTTP1
import Site
import Testing

/// The page of the relays in chromium, as people use it.
@Suite("The page of the relays", .serialized)
struct RelayPageTests {
    private static let users: [(name: String, role: Role)] = [("anna", .admin), ("olaf", .operator), ("vera", .viewer)]

    private func signIn(_ browser: Browser, _ address: String, as name: String) async throws {
        try await browser.open("\(address)/sign-in", width: 360)
        try await browser.fill(["name": name, "password": ProvisionedUnit.password])
        try await browser.submit()
    }

    private func word(_ browser: Browser, _ id: String) async throws -> String {
        try await browser.evaluate("document.querySelector('#relay-\(id) .word')?.innerText ?? ''")
    }

    private func press(_ browser: Browser, _ label: String) async throws {
        let isThere: Bool = try await browser.evaluate(
            "((button) => { button?.click(); return button !== null; })(document.querySelector('[aria-label=\"\(label)\"]'))"
        )
        try #require(isThere, "there is no button \(label)")
    }

    /// Where a button stands on the page.
    private func place(_ browser: Browser, _ label: String) async throws -> [Double] {
        try await browser.evaluate(
            """
            ((box) => [box.left + scrollX, box.top + scrollY])
              (document.querySelector('[aria-label="\(label)"]').getBoundingClientRect())
            """)
    }

    /// Widths, targets and names of what is pressed.
    private func checkShape(_ browser: Browser, _ name: String, width: Int) async throws {
        let wide: Int = try await browser.evaluate("document.documentElement.scrollWidth")
        #expect(wide <= width, "\(name): \(wide) px wide")
        let small: [String] = try await browser.evaluate(
            """
            [...document.querySelectorAll('.relay button, .relay summary, .relay select, .relay input:not([type=hidden])')]
              .filter(element => element.offsetParent && element.getBoundingClientRect().height < 44)
              .map(element => element.innerText || element.name)
            """)
        #expect(small.isEmpty, "\(name): \(small) are no targets for a thumb")
        try await browser.keep(name)
    }

    @Test("an operator switches on a phone; what cuts the router says so, and it comes back or is kept off")
    func operating() async throws {
        try await ProvisionedUnit.with(site: RelayAPITests.site, users: Self.users) { made in
            try await Browser.with { browser in
                try await signIn(browser, made.address, as: "olaf")
                for (width, isDark) in [(360, true), (1280, true), (1280, false), (360, false)] {
                    try await browser.open("\(made.address)/relays", width: width, isDark: isDark)
                    try await eventually("relays") { try await word(browser, "strobe") == "off" }
                    try await checkShape(browser, "relays-\(width)\(isDark ? "-dark" : "")", width: width)
                }
                try await press(browser, "Strobe on")
                try await eventually("strobe on") { try await word(browser, "strobe") == "on" }
                #expect(try await browser.evaluate("location.pathname") == "/relays")
                let warning: String = try await browser.evaluate(
                    "document.querySelector('#guarded-router-off p').textContent")
                #expect(warning.contains("cuts the router you are connected through"))
                #expect(warning.contains("comes on by itself after 5"))
                let before = try await place(browser, "Router on")
                try await press(browser, "Router off")
                try await checkShape(browser, "relays-warning", width: 360)
                try await press(browser, "Router off, now")
                try await eventually("router off") { try await word(browser, "router") == "off" }
                #expect(try await place(browser, "Router on") == before, "On moved under the thumb")
                try await press(browser, "Keep Router off")
                try await checkShape(browser, "relays-restore", width: 360)
                let first: String = try await browser.evaluate(
                    "document.querySelector('#relay-router .countdown').innerText")
                try await eventually("a countdown that runs") {
                    try await browser.evaluate(
                        "document.querySelector('#relay-router .countdown')?.innerText ?? ''") != first
                }
                try await eventually("the restore, live") { try await word(browser, "router") == "on" }
                try await press(browser, "Router off, now")
                try await eventually("router off again") { try await word(browser, "router") == "off" }
                try await press(browser, "Keep Router off")
                try await press(browser, "Keep Router off, now")
                try await eventually("kept off") {
                    try await browser.evaluate("document.querySelector('#relay-router .confirm') === null") == true
                }
                #expect(
                    try await browser.evaluate(
                        "document.querySelector('#recent').parentElement.innerText.includes('by olaf')") == true)
                #expect(await browser.complaints.isEmpty)
            }
        }
    }

    @Test("a viewer sees how they stand, live, and no button; the Site page leads there")
    func viewing() async throws {
        try await ProvisionedUnit.with(site: RelayAPITests.site, users: Self.users) { made in
            try await Browser.with { browser in
                try await signIn(browser, made.address, as: "vera")
                try await browser.open("\(made.address)/relays", width: 360)
                try await eventually("relays") { try await word(browser, "router") == "on" }
                #expect(try await browser.evaluate("document.querySelectorAll('main form').length") == 0)
                try await checkShape(browser, "relays-viewer", width: 360)
                let run = try await Run.picli(["relay", "on", "strobe", "--state", made.unit.state.path])
                #expect(run.status == 0, "\(run)")
                try await eventually("live") { try await word(browser, "strobe") == "on" }
                try await browser.open("\(made.address)/", width: 360)
                try await eventually("tiles") {
                    try await browser.evaluate("document.querySelector('a[href=\"/relays#relay-strobe\"]') !== null")
                        == true
                }
                try await browser.keep("site-relays")
                #expect(await browser.complaints.isEmpty)
            }
        }
    }

    @Test("without script a button is a form, and a refusal is said on the page")
    func withoutScript() async throws {
        try await ProvisionedUnit.with(site: RelayAPITests.site, users: Self.users) { made in
            try await Visitor.with(made.address) { visitor in
                let olaf = try await visitor.session("olaf")
                func send(_ id: String, _ fields: [(String, String)]) async throws -> Visitor.Reply {
                    try await visitor.ask(
                        .POST, "/relays/\(id)", olaf.headers + [("Accept", "text/html")], form: olaf.fields + fields)
                }
                try await eventually("relays") {
                    try await visitor.ask(.GET, "/relays", olaf.headers).body.contains(">off</b>")
                }
                let on = try await send("strobe", [("do", "on")])
                #expect(on.status == 303 && on.location == "/relays", "\(on)")
                let page = try await visitor.ask(.GET, "/relays", olaf.headers).body
                #expect(page.contains("id=\"relay-strobe\"") && page.contains("olaf from 127.0.0.1"))
                let hold = try await send("fan", [("do", "override"), ("state", "on"), ("seconds", "900")])
                #expect(hold.status == 303, "\(hold)")
                let refused = try await send("fan", [("do", "off")])
                #expect(refused.status == 409 && refused.body.contains("class=\"note\""), "\(refused.status)")
                #expect(try await send("fan", [("do", "explode")]).status == 400)
                #expect(try await send("lamp", [("do", "on")]).status == 404)
                let press = [("do", "toggle"), ("key", "a1"), ("expected", "on")]
                #expect(try await send("strobe", press).status == 303)
                let again = try await send("strobe", press)
                #expect(again.status == 200 && again.body.contains("That was done before."), "\(again.status)")
                let late = try await send("strobe", [("do", "toggle"), ("key", "a2"), ("expected", "on")])
                #expect(late.status == 409 && late.body.contains("class=\"note\""), "\(late.status)")
                let long = String(repeating: "k", count: 65)
                for (name, value) in [("key", "a b"), ("key", long), ("expected", "maybe")] {
                    #expect(try await send("strobe", [("do", "on"), (name, value)]).status == 400, "\(name) \(value)")
                }
                let vera = try await visitor.session("vera")
                let denied = try await visitor.ask(
                    .POST, "/relays/strobe", vera.headers, form: vera.fields + [("do", "off")])
                #expect(denied.status == 403)
            }
        }
    }
}
