import Foundation
import NIOHTTP1
import Testing

/// How people come in to a unit that was just provisioned.
@Suite("The door", .serialized)
struct DoorTests {
    /// A program with a token reads, and may no more than its owner said.
    private func uses(_ secret: String, at address: String) async throws {
        let basic = Data("anything:\(secret)".utf8).base64EncodedString()
        try await Visitor.with(address) { (program: Visitor) async throws in
            for value in ["Bearer \(secret)", "Basic \(basic)"] {
                #expect(try await program.ask(.GET, "/api/v1/latest", [("Authorization", value)]).status == 200)
                #expect(try await program.ask(.GET, "/api/v1/users", [("Authorization", value)]).status == 403)
            }
            for value in ["Bearer \(secret)x", "Bearer", "Basic \(secret)"] {
                #expect(try await program.ask(.GET, "/api/v1/latest", [("Authorization", value)]).status == 401)
            }
        }
    }

    @Test("users are looked after from the command line, whether the unit runs or not, and every change is in the log")
    func users() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: ProvisionedUnit.site)
            let state = ["--state", unit.state.path]
            let nowhere = try await Run.picli(["user", "remove", "anna"] + state)
            #expect(nowhere.status == 64 && nowhere.error.contains("no unit"), "\(nowhere)")
            try FileManager.default.createDirectory(at: unit.state, withIntermediateDirectories: true)
            let file = unit.folder.appending(path: "secret").path
            try Data("four words of hers\n".utf8).write(to: URL(filePath: file))
            let added = try await Run.picli(
                ["user", "add", "Anna", "--role", "admin", "--password-file", file, "--json"] + state)
            #expect(added.status == 0 && added.output.contains(#""name":"anna","role":"admin""#), "\(added)")
            #expect(!added.output.contains("scrypt"))
            try await unit.start(["--site", site.path, "--simulate"])
            let bert = try await Run.picli(["user", "add", "bert", "--password-file", file] + state)
            #expect(bert.status == 0 && bert.output.contains("viewer"), "\(bert)")
            let last = try await Run.picli(["user", "remove", "anna"] + state)
            #expect(last.status == 1 && last.error.contains("last admin"), "\(last)")
            let running = try await Run.picli(["audit", "list", "--what", "user.added", "--json"] + state)
            #expect(running.output.contains(#""subject":"bert""#) && !running.output.contains("next"), "\(running)")
            let unknown = try await Run.picli(["user", "disable", "carl"] + state)
            #expect(unknown.status == 1 && unknown.error.contains("no user carl"), "\(unknown)")
            try Data("short\n".utf8).write(to: URL(filePath: file))
            let short = try await Run.picli(["user", "passwd", "bert", "--password-file", file] + state)
            #expect(short.status != 0 && short.error.contains("needs 12"), "\(short)")
            for change in [["disable", "bert"], ["enable", "bert"], ["role", "bert", "admin"], ["remove", "anna"]] {
                let changed = try await Run.picli(["user"] + change + state)
                #expect(changed.status == 0, "\(changed)")
            }
            _ = try await unit.stop()
            try Data("four other words of his\n".utf8).write(to: URL(filePath: file))
            for change in [["passwd", "bert"], ["reset", "bert"]] {
                let changed = try await Run.picli(["user"] + change + ["--password-file", file] + state)
                #expect(changed.status == 0, "\(changed)")
            }
            let list = try await Run.picli(["user", "list", "--json"] + state)
            #expect(list.output.contains(#""name":"bert""#) && !list.output.contains("anna"), "\(list)")
            let verified = try await Run.picli(["audit", "verify"] + state)
            #expect(verified.status == 0 && verified.output.contains("All 8 entries"), "\(verified)")
            let audit = try await Run.picli(["audit", "list"] + state)
            #expect(audit.output.contains("user.removed anna") && audit.output.contains("control socket"), "\(audit)")
            let few = try await Run.picli(
                ["audit", "list", "--who", "ANNA", "--what", "user", "--since", "1h", "--count", "1"] + state)
            #expect(few.output.contains("user.removed anna") && !few.output.contains("user.added"), "\(few)")
            #expect(few.error.components(separatedBy: "is not running").count == 2, "\(few)")
            let none = try await Run.picli(["audit", "list", "--to", "2000-01-01"] + state)
            #expect(none.status == 0 && none.output == "There is no such entry.\n", "\(none)")
        }
    }

    @Test("the token of the label opens a unit once; before, nothing else answers; afterwards, whoever signs in")
    func firstLogin() async throws {
        try await ProvisionedUnit.with { door in
            let (unit, address, token) = (door.unit, door.address, door.token)
            try await Visitor.with(address) { (program: Visitor) async throws in
                for path in ["/api/v1/latest", "/healthz", "/metrics", "/sign-in", "/nothing"] {
                    #expect(try await program.ask(.GET, path).status == 403, "\(path)")
                }
                #expect(try await program.ask(.GET, "/", [("Accept", "text/html")]).status == 303)
                #expect(try await program.ask(.GET, "/setup").status == 200)
            }
            try await Browser.with { browser in
                // As the label's code has it.
                let compact = token.replacing("-", with: "")
                try await browser.open("\(address)/setup#\(compact)", width: 360)
                #expect(try await browser.evaluate("document.querySelector('[name=token]').value") == compact)
                #expect(try await browser.evaluate("location.hash") == "")
                try await browser.keep("setup")
                try await browser.fill(["name": "Anna", "password": "short"])
                try await browser.submit()
                let objection: String = try await browser.evaluate("document.querySelector('[role=alert]').innerText")
                #expect(objection.contains("has 5 characters"))
                #expect(try await browser.evaluate("document.querySelector('[name=name]').value") == "Anna")
                try await browser.fill(["password": "four words of hers"])
                try await browser.submit()
                #expect(try await browser.evaluate("location.pathname") == "/")
                #expect(
                    try await browser.evaluate("document.querySelector('header .button').innerText.trim()") == "anna")
                #expect(try await browser.evaluate("document.cookie") == "", "scripts must not see the session")
                try await browser.open("\(address)/account", width: 360)
                try await browser.fill(["name": "dashboard"])
                try await browser.submit("form[action=\"/account/tokens\"]")
                let secret: String = try await browser.evaluate("document.querySelector('.secret').innerText")
                for address in [address, unit.address] { try await uses(secret, at: address) }
                try await browser.keep("account")
                try await browser.open("\(address)/", width: 360)
                try await browser.submit(".leave")
                #expect(try await browser.evaluate("location.pathname") == "/sign-in")
                try await browser.open("\(address)/logs", width: 360)
                #expect(try await browser.evaluate("location.pathname") == "/sign-in")
                try await browser.fill(["name": "anna", "password": "not hers at all"])
                try await browser.submit()
                try await browser.keep("sign-in")
                #expect(
                    try await browser.evaluate("document.querySelector('[role=alert]').innerText.length > 10") == true)
                try await browser.fill(["name": "anna", "password": "four words of hers"])
                try await browser.submit()
                #expect(try await browser.evaluate("location.pathname") == "/logs")
                let complaints = await browser.complaints
                #expect(complaints.allSatisfy { $0.contains("401") || $0.contains("400") }, "\(complaints)")
            }
            #expect(!FileManager.default.fileExists(atPath: unit.state.appending(path: "identity/setup-token").path))
            try await Visitor.with(address) { (program: Visitor) async throws in
                #expect(try await program.ask(.GET, "/setup").status == 303)
                #expect(try await program.ask(.GET, "/api/v1/latest").status == 401)
                let again = try await program.ask(
                    .POST, "/setup", form: [("token", token), ("name", "eve"), ("password", "four words of hers")])
                #expect(again.status == 410)
            }
            // The token, the password and the session's secret are nowhere in what the unit keeps or says.
            for secret in [token, token.replacing("-", with: ""), "four words of hers"] {
                let found = try await Run.program(
                    URL(filePath: "/usr/bin/grep"),
                    ["-r", "-l", "-a", "-F", "-e", secret, unit.state.path, unit.log.path])
                #expect(found.status == 1, "\(secret) in \(found.output)")
            }
        }
    }
}
