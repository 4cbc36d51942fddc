import Foundation
import NIOHTTP1
import Site
import Testing

@Suite("A unit in place of a ControlByWeb box", .serialized)
struct ControlByWebTests {
    private static let x410 = "profile: x410, vin: battery, registers: [setpoint, mode]"

    @Test("state, commands, registers and the log of an X-410; what was set is there after a restart")
    func x410() async throws {
        try await ControlByWebUnit.with(Self.x410) { unit in
            let document = try await unit.ask("/state.xml")
            #expect(document.headers.first(name: "Cache-Control") == "no-store")
            let names = document.body.matches(of: #/<(\w+)>[^<\n]+</\1>\n/#).map { String($0.output.1) }
            let all = [
                "digitalInput1", "relay1", "relay2", "relay3", "relay4", "vin", "register1", "register2", "count1",
                "onTime1", "totalOnTime1", "oneWireSensor1", "oneWireSensor2", "utcTime", "timezoneOffset",
            ]
            #expect(names.filter { $0 != "serialNumber" } == all, "\(document.body)")
            #expect(["-25200", "-21600"].contains(try await unit.value("timezoneOffset")))

            // The router's coil is at rest: its load has power by the closed contact.
            #expect(try await unit.value("relay3") == "0")
            #expect(try await unit.ask("/state.json?relay1=1").body.contains(#""relay1":"1""#))
            #expect(try await unit.ask("/customState.xml?redLamp=5").body.contains("<redLamp>0</redLamp>"))
            #expect(try await unit.ask("/stateFull.xml?relay1State=1&noReply=1").body.isEmpty)
            #expect(try await unit.value("relay1") == "1")

            // A minimum time is kept here, too, and what is refused is told; then nothing of the request is done.
            let short = try await unit.ask("/state.xml?relay4=2&pulseTime4=1&relay1=0")
            #expect(short.status == 400 && short.headers.first(name: "X-Picli-Refused") == "relay.invalid", "\(short)")
            #expect(short.body.contains("<relay1>1</relay1>") && short.body.contains("<relay4>0</relay4>"), "\(short)")
            #expect(short.headers.first(name: "X-Picli-Done") == "0 of 2")

            // A register is a reading, and a rule acts on it.
            #expect(try await unit.ask("/state.xml?register1=21.5").body.contains("<register1>21.5</register1>"))
            _ = try await unit.time(until: "relay2", is: "1", from: .now)
            try await eventually("the register as a reading") {
                try await unit.made.unit.latest().contains {
                    $0.metric.name == "register.value@setpoint" && $0.value == 21.5
                }
            }
            // Counters begin where clients say, and go on from there.
            let counted = try #require(try await unit.value("count1").flatMap { Int($0) })
            let set = try await unit.ask("/state.json?count1=\(counted + 200)&totalOnTime1=5")
            #expect(set.status == 200 && !set.body.contains("\"count1\":\"\(counted)\""), "\(set)")

            let bad = try await unit.ask("/state.xml?relay1=0&relay9=1")
            #expect(bad.status == 400)
            #expect(try await unit.value("relay1") == "1")

            let log = try await unit.ask("/log.txt")
            #expect(log.body.hasPrefix("Date Time,I1,R1,R2,R3,R4,S1,S2,Source\r\n"), "\(log.body)")
            #expect(log.body.contains("Relay01:(on)"), "\(log.body)")
            #expect(try await !unit.ask("/log.txt?erase=1").body.contains("Relay01:(on)"))

            let entries = [
                "relay.on lamp done", "relay.toggle lamp done, off", "relay.pulse pump 1s on: refused: relay.invalid",
                "controlbyweb.register setpoint 21.5", "controlbyweb.command relay9 refused: argument.invalid",
                "controlbyweb.log log.txt begins anew for clients",
            ]
            try await unit.audited(entries)
            let stopped = try await unit.made.unit.stop()
            #expect(stopped.status == 0)
            let kept = try Data(contentsOf: unit.made.unit.state.appending(path: "controlbyweb-simulated.json"))
            #expect(String(decoding: kept, as: UTF8.self).contains(#""setpoint":21.5"#))
        }
    }

    @Test("a pulse: the order of its words, said again, and cancelled")
    func pulses() async throws {
        try await ControlByWebUnit.with("profile: x410") { unit in
            for words in ["pulseTime1=0.6&relay1=2", "relay1State=2&pulseTime1=0.6"] {
                let start = ContinuousClock.now
                #expect(try await unit.ask("/state.json?\(words)").body.contains(#""relay1":"1""#))
                let length = try await unit.time(until: "relay1", is: "0", from: start)
                #expect(length >= .milliseconds(550) && length < .seconds(4), "\(words): \(length)")
            }
            // Said again after half a second, its end moves on; reading does not disturb it.
            let start = ContinuousClock.now
            _ = try await unit.ask("/state.xml?relay1=2&pulseTime1=1")
            try await Task.sleep(for: .milliseconds(500))
            _ = try await unit.ask("/state.xml?relay1=2&pulseTime1=1")
            let length = try await unit.time(until: "relay1", is: "0", from: start)
            #expect(length >= .milliseconds(1450) && length < .seconds(5), "\(length)")
            // An on or off ends it.
            _ = try await unit.ask("/state.xml?relay1=2&pulseTime1=0.5")
            #expect(try await unit.ask("/state.json?relay1=1").body.contains(#""relay1":"1""#))
            try await Task.sleep(for: .milliseconds(800))
            #expect(try await unit.value("relay1") == "1")
            #expect(try await unit.ask("/state.json?relay1=2&pulseTime1=30").body.contains(#""relay1":"1""#))
            #expect(try await unit.ask("/state.json?relay1=0").body.contains(#""relay1":"0""#))
        }
    }

    @Test("an old WebRelay: no head where there was none, reboots, and the watchdog off and on")
    func webRelay() async throws {
        try await ControlByWebUnit.with("profile: x-wr-1r12, relays: [router], headerless: true, auth: none") { unit in
            let bare = try await Run.program(
                URL(filePath: "/usr/bin/curl"), ["-s", "--http0.9", "http://127.0.0.1:\(unit.port)/state.xml"])
            #expect(
                bare.output.hasPrefix(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<datavalues>\n<relaystate>0</relaystate>\n"),
                "\(bare)")
            func reboot() async throws -> String? { try await unit.value("rebootstate") }
            func ask(_ words: String) async throws -> Visitor.Reply {
                try await unit.old.ask(.GET, "/stateFull.xml?\(words)")
            }
            #expect(try await ask("relayState=3").body.contains("<rebootstate>0</rebootstate>"))
            let armed = try await ask("relayState=4")
            #expect(armed.status == 200 && !armed.body.contains("<rebootstate>0</rebootstate>"), "\(armed)")
            // 2 restarts the load, as in the automatic reboot mode: its coil has current for off_for.
            let start = ContinuousClock.now
            #expect(try await ask("relayState=2").body.contains("<relaystate>1</relaystate>"))
            let length = try await unit.time(until: "relaystate", is: "0", from: start)
            #expect(length >= .milliseconds(1900) && length < .seconds(6), "\(length)")
            // Who is told nothing of a password is the box's client all the same.
            try await unit.audited([
                "relay.disarm router done", "relay.rearm router done", "relay.pulse router 2s off: done",
            ])
        }
    }

    @Test("only with the right password, only for who may, over TLS where the site file says so")
    func access() async throws {
        try await ControlByWebUnit.with("profile: webrelay-quad, tls: true", scheme: "https") { unit in
            let none = try await unit.old.ask(.GET, "/state.xml")
            #expect(none.status == 401 && none.headers.first(name: "WWW-Authenticate")?.hasPrefix("Basic") == true)
            #expect(try await unit.ask("/state.xml", token: "webrelay").status == 401)
            #expect(try await unit.ask("/state.xml", token: unit.eye).status == 200)
            #expect(try await unit.ask("/state.xml?relay1State=1", token: unit.eye).status == 403)
            let bearer = try await unit.old.ask(.GET, "/state.xml", [("Authorization", "Bearer \(unit.hand)")])
            #expect(bearer.status == 200 && bearer.body.contains("<relay1state>0</relay1state>"), "\(bearer)")
            #expect(try await unit.ask("/state.xml?relay1State=1").body.contains("<relay1state>1</relay1state>"))
            // The page and the API are not here, and a session is no way in.
            #expect(try await unit.ask("/api/v1/relays").status == 404)
            // Another address of this machine is not listed.
            await #expect(throws: (any Error).self) {
                _ = try await unit.old.ask(.GET, "/state.xml", [ControlByWebUnit.basic(unit.hand)], from: "127.0.0.2")
            }
            try await unit.audited([
                "controlbyweb.password controlbyweb refused: access.token_refused",
                "controlbyweb.command /state.xml lamp on: refused: access.denied",
            ])
        }
    }

    @Test("four clients at once, each with a connection that it keeps")
    func together() async throws {
        try await ControlByWebUnit.with("profile: x410, auth: none") { unit in
            let port = unit.port
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...4 {
                    group.addTask {
                        try await Visitor.with("http://127.0.0.1:\(port)") { client in
                            var good = 0
                            for round in 0..<20 {
                                let change = number == 1 ? "?relay1=\(round % 2)" : ""
                                if try await client.ask(.GET, "/state.json\(change)").status == 200 { good += 1 }
                            }
                            return good
                        }
                    }
                }
                for try await good in group { #expect(good == 20) }
            }
        }
    }

    // MARK: Clients that others have written

    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    /// `make controlbyweb-clients` puts it there.
    private static let python = here.appending(path: "../../../.build/controlbyweb/bin/python").standardized
    private static let areThere =
        FileManager.default.isExecutableFile(atPath: python.path) || ProcessInfo.processInfo.environment["CI"] != nil

    private static func run(_ script: String, _ arguments: [String]) async throws -> Run {
        try await Run.program(python, [here.appending(path: "../Fixtures/controlbyweb/\(script)").path] + arguments)
    }

    private struct Interlock: Decodable {
        let states: [[Word]]
        let ping: String

        enum Word: Decodable, Equatable {
            case flag(Bool)
            case text(String)

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                self = try (try? value.decode(Bool.self)).map { .flag($0) } ?? .text(value.decode(String.self))
            }
        }
    }

    @Test(
        "NEMO, of a laboratory, unlocks and locks by each kind of box",
        .enabled(if: areThere, "the clients are missing: make controlbyweb-clients"),
        arguments: ["x410", "webrelay-quad"])
    func nemo(_ profile: String) async throws {
        try await ControlByWebUnit.with("profile: \(profile)") { unit in
            let run = try await Self.run("nemo_interlock.py", ["127.0.0.1", "\(unit.port)", unit.hand, "1"])
            #expect(run.status == 0, "\(run.error.suffix(3_000))")
            let told = try JSONDecoder().decode(Interlock.self, from: Data(run.output.utf8))
            #expect(
                told.states.map { Array($0.prefix(2)) } == [
                    [.flag(true), .text("unlocked")], [.flag(true), .text("locked")], [.flag(true), .text("unlocked")],
                ], "\(run)")
            #expect(told.ping.lowercased().contains("ok"), "\(told.ping)")
            let relays = try await unit.made.unit.get("/api/v1/relays").decode(RelaysDocument.self).relays
            #expect(relays.first { $0.id == "lamp" }?.status?.state == .on)
            guard profile == "x410" else { return }
            // Without the right password it knows nothing.
            let wrong = try await Self.run("nemo_interlock.py", ["127.0.0.1", "\(unit.port)", "webrelay", "1"])
            #expect(wrong.output.contains("401") && wrong.output.contains("unknown"), "\(wrong)")
        }
    }

    private struct Module: Decodable {
        struct Before: Decodable { let lamp: Bool; let enclosure: Double; let vin: Double }
        struct After: Decodable { let lamp: Bool; let fan: Bool; let setpoint: Double; let time: Double }
        let before: Before
        let after: After
    }

    @Test(
        "ControlPyWeb reads and writes a module by its custom names",
        .enabled(if: areThere, "the clients are missing: make controlbyweb-clients"))
    func controlPyWeb() async throws {
        try await ControlByWebUnit.with(Self.x410) { unit in
            let run = try await Self.run("controlpyweb_module.py", ["http://none:\(unit.hand)@127.0.0.1:\(unit.port)"])
            #expect(run.status == 0, "\(run.error.suffix(3_000))")
            let told = try JSONDecoder().decode(Module.self, from: Data(run.output.utf8))
            #expect(
                !told.before.lamp && (-40...212).contains(told.before.enclosure) && told.before.vin > 5, "\(run.output)"
            )
            #expect(told.after.lamp && told.after.fan && told.after.setpoint == 21.5, "\(run.output)")
            #expect(abs(told.after.time - Date.now.timeIntervalSince1970) < 60)
        }
    }
}
