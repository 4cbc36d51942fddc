import Foundation
import Site
import Testing

@testable import Web

/// The pages of the users and of the second factor, as an admin and somebody else work with them.
@Suite("The pages of the users", .serialized)
struct UserPagesTests {
    private func signIn(_ browser: Browser, _ address: String, as name: String, code: String? = nil) async throws {
        try await browser.open("\(address)/sign-in", width: 360)
        try await browser.fill(["name": name, "password": ProvisionedUnit.password])
        try await browser.submit()
        guard let code else { return }
        try await browser.fill(["password": ProvisionedUnit.password, "code": code])
        try await browser.submit()
    }

    private func alert(_ browser: Browser) async throws -> String {
        try await browser.evaluate("document.querySelector('[role=alert]')?.innerText ?? ''")
    }

    /// Nothing is cut off on a phone, and a keyboard reaches every field and button in the order of the page.
    private func checkShape(_ browser: Browser, _ name: String) async throws {
        try await browser.keep(name)
        #expect(try await browser.evaluate("document.documentElement.scrollWidth") <= 360, "\(name)")
        let unnamed: Int = try await browser.evaluate(
            """
            [...document.querySelectorAll('main input:not([type=hidden]), main select')].filter(field =>
              !field.labels.length || field.tabIndex < 0).length
            """)
        #expect(unnamed == 0, "\(name)")
    }

    @Test("an admin adds, changes, keeps out and removes somebody; who is none sees no way there")
    func users() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { made in
            try await Browser.with { browser in
                try await signIn(browser, made.address, as: "anna")
                #expect(try await browser.evaluate("document.querySelector('nav a[href=\"/users\"]') !== null") == true)
                try await browser.open("\(made.address)/users", width: 360)
                try await browser.fill(["name": "Bert", "password": "short"])
                // A browser would say so itself.
                let _: Bool = try await browser.evaluate("document.querySelector('main form').noValidate = true")
                try await browser.submit()
                #expect(try await alert(browser).contains("needs 12"))
                #expect(try await browser.evaluate("document.querySelector('[name=name]').value") == "Bert")
                try await browser.fill(["name": "Bert", "role": "operator", "password": ProvisionedUnit.password])
                try await browser.submit()
                try await checkShape(browser, "users")
                try await browser.open("\(made.address)/users/bert", width: 360)
                try await checkShape(browser, "user")
                #expect(try await browser.evaluate("document.querySelector('[name=role]').value") == "operator")
                try await browser.fill(["role": "viewer"])
                try await browser.submit("form[action=\"/users/bert/role\"]")
                #expect(try await browser.evaluate("document.querySelector('[name=role]').value") == "viewer")
                try await browser.submit("form[action=\"/users/bert/disable\"]")
                #expect(
                    try await browser.evaluate("document.querySelector('h1').innerText.includes('disabled')") == true)
                try await browser.submit("form[action=\"/users/bert/enable\"]")
                try await browser.open("\(made.address)/users/anna", width: 360)
                try await browser.submit("form[action=\"/users/anna/disable\"]")
                #expect(try await alert(browser).contains("last admin"))
                try await asSomebodyElse(at: made)
                try await browser.open("\(made.address)/users/bert", width: 360)
                // Bert's session is there to be ended.
                try await browser.submit("form[action=\"/users/bert/sessions\"]")
                try await browser.fill(["name": "anna"])
                try await browser.submit("form[action=\"/users/bert/remove\"]")
                #expect(try await alert(browser).contains("type bert"))
                try await browser.fill(["name": "bert"])
                try await browser.submit("form[action=\"/users/bert/remove\"]")
                #expect(try await browser.evaluate("location.pathname") == "/users")
                #expect(try await browser.evaluate("document.body.innerText.includes('bert')") == false)
                try await audit(browser, made.address)
            }
            let kept = try await made.kept()
            #expect(kept.accounts.values.map(\.name.description) == ["anna"])
            for entry in ["user.added bert", "user.changed bert", "user.removed bert"] {
                #expect(kept.entries.contains { $0.hasPrefix(entry) }, "\(kept.entries)")
            }
        }
    }

    /// What was done stands in the page of the audit log, and is found there.
    private func audit(_ browser: Browser, _ address: String) async throws {
        try await browser.open("\(address)/audit", width: 1280)
        try await browser.keep("audit-1280")
        try await browser.open("\(address)/audit", width: 360, isDark: true)
        try await checkShape(browser, "audit")
        let verdict: String = try await browser.evaluate("document.querySelector('main .state').innerText")
        #expect(verdict.hasPrefix("All ") && verdict.hasSuffix("entries are what was written."), "\(verdict)")
        func rows() async throws -> [String] {
            try await browser.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.innerText)")
        }
        #expect(try await rows().first?.contains("user.removed") == true)
        try await browser.fill(["who": "Bert", "what": "user"])
        try await browser.submit()
        let found = try await rows()
        #expect(found.count == 5 && found.allSatisfy { $0.contains("bert") && $0.contains("user.") }, "\(found)")
        #expect(try await browser.evaluate("document.querySelector('[name=who]').value") == "Bert")
        try await browser.open("\(address)/audit?who=nobody&range=1h", width: 360)
        #expect(try await browser.evaluate("document.body.innerText.includes('No entry matches')") == true)
    }

    @Test("a form that met an old password is done when the password was given")
    func waiting() async throws {
        let (secret, session) = FreshnessTests.staleSession()
        try await ProvisionedUnit.with(users: [("anna", .admin)], sessions: [session]) { made in
            try await Browser.with { browser in
                try await browser.bring(cookie: secret.text, for: made.address)
                try await browser.open("\(made.address)/account", width: 360)
                try await browser.fill(["name": "dashboard"])
                try await browser.submit("form[action=\"/account/tokens\"]")
                try await checkShape(browser, "confirm-form")
                try await browser.fill([WaitingForm.password: "not hers at all"])
                try await browser.submit()
                #expect(try await alert(browser).contains("wrong"))
                try await browser.fill([WaitingForm.password: ProvisionedUnit.password])
                try await browser.submit()
                #expect(try await browser.evaluate("location.pathname") == "/account/tokens")
                #expect(try await browser.evaluate("document.querySelector('.secret').innerText.length") == 43)
                try await browser.fill(["name": "dashboard"])
                try await browser.submit("form[action=\"/account/tokens\"]")
                #expect(
                    try await browser.evaluate("document.querySelector('.note').innerText.includes('already')") == true)
                #expect(try await browser.evaluate("document.querySelector('[name=name]').value") == "dashboard")
            }
            #expect(try await made.kept().entries.count { $0.hasPrefix("token.created dashboard") } == 1)
        }
    }

    private func asSomebodyElse(at made: ProvisionedUnit) async throws {
        try await Browser.with { browser in
            try await signIn(browser, made.address, as: "bert")
            for page in ["users", "audit"] {
                #expect(
                    try await browser.evaluate("document.querySelector('nav a[href=\"/\(page)\"]') === null") == true)
            }
            try await browser.open("\(made.address)/audit", width: 360)
            #expect(try await browser.evaluate("document.body.innerText.includes('role admin')") == true)
            try await browser.open("\(made.address)/users", width: 360)
            #expect(try await browser.evaluate("document.body.innerText.includes('role admin')") == true)
        }
    }

    @Test("a second factor is set with an app, asked for at the door and where a password is confirmed, and removed")
    func secondFactor() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { made in
            try await Browser.with { browser in
                try await signIn(browser, made.address, as: "anna")
                try await browser.open("\(made.address)/account", width: 360)
                try await browser.submit("form[action=\"/account/second-factor\"]")
                try await checkShape(browser, "second-factor")
                #expect(
                    try await browser.evaluate("document.querySelector('svg.qr path').getAttribute('d').length") > 500)
                let link: String = try await browser.evaluate("document.querySelector('main a.button').href")
                #expect(link.hasPrefix("otpauth://totp/Trailer%2042:anna?secret="), "\(link)")
                let secret: String = try await browser.evaluate(
                    "document.querySelector('.secret').innerText.replaceAll(' ', '')")
                try await browser.fill(["code": "12 34"])
                try await browser.submit()
                #expect(try await alert(browser).contains("not the code"))
                try await browser.fill(["code": try await code(secret)])
                try await browser.submit()
                try await checkShape(browser, "recovery")
                let recovery: [String] = try await browser.evaluate(
                    "[...document.querySelectorAll('.codes code')].map(code => code.innerText)")
                #expect(recovery.count == 8)
                try await browser.open("\(made.address)/confirm?next=/users", width: 360)
                try await checkShape(browser, "confirm")
                try await browser.fill([WaitingForm.password: "not hers at all", WaitingForm.code: recovery[0]])
                try await browser.submit()
                #expect(try await alert(browser).contains("wrong"))
                try await browser.fill([
                    WaitingForm.password: ProvisionedUnit.password, WaitingForm.code: recovery[0],
                ])
                try await browser.submit()
                #expect(try await browser.evaluate("location.pathname") == "/users")
                try await browser.submit(".leave")
                try await signIn(browser, made.address, as: "anna", code: recovery[1])
                #expect(try await browser.evaluate("location.pathname") == "/")
                try await browser.open("\(made.address)/account", width: 360)
                #expect(try await browser.evaluate("document.body.innerText.includes('6 recovery codes')") == true)
                try await browser.submit("form[action=\"/account/second-factor-removal\"]")
                #expect(
                    try await browser.evaluate(
                        "document.querySelector('form[action=\"/account/second-factor\"]') !== null") == true)
            }
            let kept = try await made.kept()
            #expect(kept.accounts.values.allSatisfy { $0.secondFactor == nil })
            for entry in ["second_factor.set anna", "login.confirmed anna", "second_factor.removed anna"] {
                #expect(kept.entries.contains { $0.hasPrefix(entry) }, "\(kept.entries)")
            }
        }
    }

    /// What an app shows: that of the distribution, which knows nothing of ours.
    private func code(_ secret: String) async throws -> String {
        let run = try await Run.program(URL(filePath: "/usr/bin/oathtool"), ["--totp", "--base32", secret])
        try #require(run.status == 0, "\(run.error)")
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
