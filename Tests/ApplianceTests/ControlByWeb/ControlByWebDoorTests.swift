import Foundation
import Relays
import Site
import TestSupport
import Testing
import Web

@testable import Appliance

@Suite("A ControlByWeb box on the network")
struct ControlByWebDoorTests {
    // MARK: Every kind, every file, every spelling

    private static let spellings = [
        ("relay1=1", "lamp on"), ("relay1State=0", "lamp off"), ("RELAY1STATE=1", "lamp on"),
        ("relayState=0", "lamp off"),
        ("relay1=5", "lamp toggle"), ("relay1=2&pulseTime1=5", "lamp pulse"),
        ("pulseTime=5&relayState=2", "lamp pulse"),
        ("?relay1state=1", "lamp on"), ("%3Frelay1State=0", "lamp off"), ("redLamp=1", "lamp on"),
    ]

    @Test(
        "each kind of box takes each spelling on each of its files",
        arguments: ControlByWebConfiguration.Profile.allCases)
    func table(_ profile: ControlByWebConfiguration.Profile) async throws {
        try await with(profile) { box in
            var expected: [String] = []
            for file in ControlByWebFile.allCases where file != .log {
                for (index, spelling) in Self.spellings.enumerated() {
                    let method = index % 4 == 3 ? "POST" : "GET"
                    let path = index % 5 == 4 ? file.path.lowercased() : file.path
                    let answer = try await box.ask("\(path)?\(spelling.0)", method)
                    expected.append(spelling.1)
                    #expect(answer.status == 200, "\(path)?\(spelling.0): \(answer)")
                    #expect(answer.head.lowercased().contains("cache-control: no-store"))
                    #expect(
                        answer.head.lowercased().contains(
                            "content-type: \(file.isJSON ? "application/json" : "text/xml")"))
                    #expect(answer.body.hasPrefix(file.isJSON ? "{\"" : "<?xml"), "\(answer.body)")
                    // The document is that of after the command.
                    if spelling.1 == "lamp on" { #expect(answer.body.contains("1"), "\(answer.body)") }
                }
            }
            #expect(box.told == expected)
            await box.desk.written()
            #expect(box.entries().count == expected.count)
            #expect(box.entries().allSatisfy { $0.actor == "controlbyweb" && $0.origin == "127.0.0.1" })
            #expect(box.owner.requests.allSatisfy { $0.cause.kind == .compatibility })
        }
    }

    @Test("the document after a command, on the wire")
    func wire() async throws {
        try await with(.webrelayQuad) { box in
            let answer = try await box.ask("/stateFull.xml?relay1State=1&relay3State=1")
            // Relay 3 is the router's, at a normally closed contact: current in its coil cuts the load.
            #expect(box.told == ["lamp on", "router off"])
            #expect(
                answer.body
                    == "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datavalues>\n<relay1state>1</relay1state>\n<relay2state>0</relay2state>\n<relay3state>1</relay3state>\n<relay4state>0</relay4state>\n</datavalues>\n"
            )
        }
    }

    @Test("without a reply: nothing but the head")
    func noReply() async throws {
        try await with(.x410) { box in
            let answer = try await box.ask("/state.xml?relay1=1&noReply=1")
            #expect(
                answer.status == 200 && answer.body.isEmpty && answer.head.lowercased().contains("content-length: 0"))
            #expect(box.told == ["lamp on"])
        }
    }

    @Test(
        "one bad argument and nothing is done, but written down", arguments: ControlByWebConfiguration.Profile.allCases)
    func bad(_ profile: ControlByWebConfiguration.Profile) async throws {
        try await with(profile) { box in
            for query in ["relay1=1&relay1=7", "relay99=1&relay1=1", "relay1=1&register99=1", "relay1=%zz"] {
                let answer = try await box.ask("/state.xml?\(query)")
                #expect(answer.status == 400 && answer.body.hasPrefix("Nothing was done. re"), "\(answer)")
            }
            #expect(box.told.isEmpty)
            await box.desk.written()
            #expect(box.entries().map(\.details) == [String?](repeating: "refused: argument.invalid", count: 4))
        }
    }

    @Test("what the relays refuse is told by the status, and the document says how it stands")
    func refused() async throws {
        try await with(.x410) { box in
            box.owner.refuse(RelayRefusal(.tooEarly, "No.", retryAfter: 3))
            let answer = try await box.ask("/state.json?relay1=1")
            #expect(answer.status == 409 && answer.body.contains(#""relay1":"0""#), "\(answer)")
            #expect(
                answer.head.contains("X-Picli-Refused: relay.tooEarly")
                    && answer.head.lowercased().contains("retry-after: 3"))
            box.owner.refuse(nil)
            await box.desk.lost("It hangs.")
            let away = try await box.ask("/state.json")
            #expect(away.status == 503 && away.body.contains(#""relay1":"x""#), "\(away)")
            #expect(!away.head.contains("X-Picli-Done"))
            // A register is set without the relays' owner, and the status is that of the document.
            let set = try await box.ask("/state.json?register1=4")
            #expect(set.status == 503 && set.body.contains(#""register1":"4""#), "\(set)")
            #expect(set.head.contains("X-Picli-Done: 1 of 1"), "\(set)")
            #expect(!set.head.contains("X-Picli-Refused"))
            box.owner.breakOff(CancellationError())
            let unknown = try await box.ask("/state.json?register1=5&relay1=1")
            #expect(unknown.status == 207 && unknown.head.contains("X-Picli-Done: 1 of 2, 1 not known"), "\(unknown)")
            await box.desk.written()
            #expect(
                box.entries().map { "\($0.action) \($0.subject) \($0.details ?? "")" } == [
                    "relay.on lamp refused: relay.tooEarly", "controlbyweb.register setpoint 4",
                    "controlbyweb.register setpoint 5", "relay.on lamp outcome unknown",
                ])
        }
    }

    @Test("registers are kept, read back, and their changes written down")
    func registers() async throws {
        try await with(.x410) { box in
            let answer = try await box.ask("/customState.json?setpoint=21.5&register2=-3")
            #expect(answer.body.contains(#""setpoint":"21.5","mode":"-3""#), "\(answer)")
            #expect(
                try await box.ask("/state.xml").body.contains("<register1>21.5</register1>\n<register2>-3</register2>"))
            // Nothing has counted yet: then none of it is done.
            let unknown = try await box.ask("/state.xml?count1=5&register1=4")
            #expect(unknown.status == 503 && unknown.body.contains("<register1>21.5</register1>"), "\(unknown)")
            #expect(unknown.head.contains("X-Picli-Done: 0 of 2"))
            let alone = try await box.ask("/state.xml?count1=5").status
            #expect(alone == 503)
            await box.desk.written()
            #expect(
                box.entries().map { "\($0.action) \($0.subject) \($0.details ?? "")" } == [
                    "controlbyweb.register setpoint 21.5", "controlbyweb.register mode -3",
                    "controlbyweb.count door refused: input.unknown",
                    "controlbyweb.register setpoint not done: another command of the request was refused",
                    "controlbyweb.count door refused: input.unknown",
                ])
        }
    }

    @Test("what is written again as it is, is told together")
    func again() async throws {
        try await with(.x410) { box in
            for _ in 0..<3 { _ = try await box.ask("/state.xml?register1=4") }
            box.owner.changesNothing(true)
            for _ in 0..<3 { _ = try await box.ask("/state.xml?relay1=0") }
            await box.desk.tellRepeats(isLast: true)
            await box.desk.written()
            let told = box.entries().map { "\($0.action) \($0.subject) \($0.details ?? "")" }
            #expect(
                told.prefix(3) == [
                    "controlbyweb.register setpoint 4", "controlbyweb.register setpoint 4, as before",
                    "relay.off lamp done, nothing changed",
                ])
            let more = told.dropFirst(3)
            #expect(more.count == 2 && more.contains { $0.contains("setpoint 4, as before; 1 time more since ") })
            #expect(more.contains { $0.contains("relay.off lamp done, nothing changed; 2 times more since ") })
        }
    }

    // MARK: Who

    @Test(
        "a page of somebody else changes nothing",
        arguments: [
            ["Origin: http://evil.example"], ["Origin: null"], ["Sec-Fetch-Site: cross-site"],
            ["Sec-Fetch-Site: same-site"],
            ["Referer: http://evil.example/"], ["Sec-Fetch-Site: none", "Origin: http://evil.example"],
            ["Referer: http://127.0.0.1.evil.example/"],
        ])
    func foreign(_ fields: [String]) async throws {
        try await with(.x410) { box in
            for method in ["GET", "POST"] {
                let status = try await box.ask("/state.xml?relay1=1", method, fields).status
                #expect(status == 403, "\(fields)")
            }
            #expect(box.told.isEmpty)
            let read = try await box.ask("/state.xml", "GET", fields).status
            #expect(read == 200)
            await box.desk.written()
            #expect(box.entries().map(\.details).contains("lamp on: refused: access.foreign_origin"))
        }
    }

    @Test(
        "a browser that fetches beforehand changes nothing",
        arguments: ["Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "X-Moz: prefetch"])
    func prefetch(_ field: String) async throws {
        try await with(.x410) { box in
            let status = try await box.ask("/state.xml?relay1=1", "GET", [field]).status
            #expect(status == 403 && box.told.isEmpty)
        }
    }

    @Test("the operator's own browser, and programs that say nothing of themselves, do")
    func own() async throws {
        try await with(.x410) { box in
            let own = "http://127.0.0.1:\(box.port)"
            for fields in [
                ["Sec-Fetch-Site: same-origin", "Origin: \(own)"], ["Sec-Fetch-Site: none"],
                ["Referer: \(own)/state.xml"], [],
            ] {
                let status = try await box.ask("/state.xml?relay1=1", "GET", fields).status
                #expect(status == 200, "\(fields)")
            }
            #expect(box.told.count == 4)
        }
    }

    @Test("without a password the unit answers to its own names only; a client may leave the name out")
    func names() async throws {
        try await with(.x410) { box in
            func ask(_ host: String) async throws -> Int {
                Box.answer(
                    try await box.send("GET /state.xml?relay1=1 HTTP/1.1\r\n\(host)Connection: close\r\n\r\n")
                ).status
            }
            #expect(try await ask("Host: evil.example\r\n") == 421)
            #expect(box.told.isEmpty)
            let read = try await box.send("GET /state.xml HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            #expect(Box.answer(read).status == 421, "a page of somebody else could read it")
            #expect(try await ask("Host: box.example:8081\r\n") == 200)
            #expect(try await ask("") == 200)
            let old = try await box.send("GET /state.xml?relay1State=0&noReply=1 HTTP/1.0\r\n\r\n")
            #expect(Box.answer(old).status == 200)
            #expect(box.told == ["lamp on", "lamp on", "lamp off"])
        }
    }

    @Test("who shows no token, where one is asked for, gets 401 with what is asked for")
    func token() async throws {
        try await with(.x410, auth: "token") { box in
            for fields in [[], ["Authorization: Basic bm9uZTp3ZWJyZWxheQ=="], ["Authorization: Bearer x"]] {
                let answer = try await box.ask("/state.xml?relay1=1", "GET", fields)
                #expect(
                    answer.status == 401 && answer.head.contains("WWW-Authenticate: Basic realm=\"picli\""), "\(answer)"
                )
            }
            #expect(box.told.isEmpty)
            await box.desk.written()
            #expect(
                box.entries().map(\.action.description) == ["controlbyweb.command"]
                    + [String](repeating: "controlbyweb.password", count: 2))
            #expect(box.entries().allSatisfy { $0.details == "lamp on: refused: access.token_refused" })
            // One that only reads, and has not been asked for its password yet, is nothing to write down.
            let first = try await box.ask("/state.xml").status
            #expect(first == 401)
            await box.desk.written()
            #expect(box.entries().count == 3)
        }
    }

    @Test("there are no other files and methods")
    func others() async throws {
        try await with(.x410) { box in
            for path in [
                "/", "/index.html", "/setup.html", "/passwords.srv", "/api/v1/latest", "/syslog.txt", "/state.xml/",
            ] {
                let status = try await box.ask("\(path)?relay1=1").status
                #expect(status == 404, "\(path)")
            }
            for (query, method, expected) in [
                ("?relay1=1", "HEAD", 405), ("", "HEAD", 200), ("", "PUT", 405), ("", "OPTIONS", 405),
            ] {
                let status = try await box.ask("/state.xml\(query)", method).status
                #expect(status == expected, "\(method)")
            }
            // Arguments in the body of a POST are not read: that is told, not passed over.
            let head = "POST /state.xml HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            let form = "\(head)Content-Length: 8\r\n\r\nrelay1=1"
            #expect(Box.answer(try await box.send(form)).status == 415)
            #expect(box.told.isEmpty)
            #expect(try await box.ask("/log.txt").body == "Date Time,I1,I2,R1,R2,R3,R4,S1,S2,Source\r\n")
        }
    }

    // MARK: Connections

    @Test("one connection asks many times, beside another one")
    func keptAlive() async throws {
        try await with(.x410) { box in
            let once = "GET /state.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            let last = "GET /state.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            async let one = box.send(once + once + last)
            async let other = box.send(once + last)
            let counts = try await [one, other].map { $0.matches(of: #/HTTP/1\.1 200/#).count }
            #expect(counts == [3, 2])
        }
    }

    @Test(
        "state.xml without any head, and stateFull.xml with one",
        arguments: [ControlByWebConfiguration.Profile.xwr1r12, .webrelayQuad])
    func headerless(_ profile: ControlByWebConfiguration.Profile) async throws {
        try await with(profile, ", headerless: true") { box in
            let request = "GET /state.xml?relay1State=1 HTTP/1.1\r\n\r\n"
            let text = try await box.send(request)
            #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datavalues>\n<relay"), "\(text)")
            #expect(text.hasSuffix("</datavalues>\n") && !text.contains("HTTP/1"))
            // What follows in the same connection is not looked at.
            #expect(try await box.send(request + request).components(separatedBy: "<?xml").count == 2)
            #expect(try await box.send("GET /state.xml?relay1State=0&noReply=1 HTTP/1.1\r\n\r\n").isEmpty)
            let full = try await box.ask("/stateFull.xml")
            #expect(full.status == 200 && full.body.hasPrefix("<?xml"))
            #expect(box.told == ["lamp on", "lamp on", "lamp off"])
        }
    }
}
