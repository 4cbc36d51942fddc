import Foundation
import NIOHTTP1
import Site
import Testing

/// Relays of a running unit on simulated lines, by the API and the command line.
@Suite("Relays by program", .serialized)
struct RelayAPITests {
    static let site = """
        site: { name: Trailer 42 }
        network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 } }
        relays:
          - { id: router, name: Router, line: GPIO5, contact: nc, active: low, boot: on, restore: 5s }
          - { id: strobe, name: Strobe, line: GPIO27 }
          - { id: fan, name: Fan, line: GPIO22, minimum_off: 2s, schedule: ["07:00..19:00: on"] }
        inputs:
          - { id: flow, name: Flow meter, line: GPIO24 }
        """

    /// Somebody with a token.
    private struct Program {
        let visitor: Visitor
        let token: String

        func ask(
            _ method: HTTPMethod, _ path: String, _ body: String? = nil, _ headers: [(String, String)] = []
        ) async throws -> Visitor.Reply {
            try await visitor.ask(
                method, path, [("Authorization", "Bearer \(token)")] + headers, json: body)
        }

        func relay(_ id: String) async throws -> RelaysDocument.Relay {
            let reply = try await ask(.GET, "/api/v1/relays/\(id)")
            return try #require(
                JSONDecoder().decode(RelaysDocument.self, from: Data(reply.body.utf8)).relays.first, "\(reply)")
        }

        func history(_ id: String) async throws -> [RecordedEvent] {
            let reply = try await ask(.GET, "/api/v1/relays/\(id)/history")
            return try JSONDecoder().decode(EventsDocument.self, from: Data(reply.body.utf8)).events
        }

        func accepted(_ reply: Visitor.Reply) throws -> RelayAcceptance {
            try #require(reply.status == 200, "\(reply)")
            return try JSONDecoder().decode(RelayCommandDocument.self, from: Data(reply.body.utf8)).accepted
        }
    }

    private static func with(_ body: (Program, Program, ProvisionedUnit) async throws -> Void) async throws {
        try await ProvisionedUnit.with(site: site, users: [("anna", .admin)]) { made in
            try await Visitor.with(made.address) { visitor in
                let session = try await visitor.session("anna")
                let hand = Program(
                    visitor: visitor, token: try await visitor.token("hand", "operator", of: session))
                let eye = Program(visitor: visitor, token: try await visitor.token("eye", "viewer", of: session))
                try await eventually("relays") { try await hand.relay("strobe").status != nil }
                try await body(hand, eye, made)
            }
        }
    }

    @Test("an operator switches, once for each key and only from the state that is expected; a viewer sees it")
    func commands() async throws {
        try await Self.with { hand, eye, made in
            #expect(try await hand.relay("router").status?.state == .on)
            let key = [("Idempotency-Key", "\"a1\"")]
            let on = try hand.accepted(
                try await hand.ask(.POST, "/api/v1/relays/strobe", #"{"do":"toggle","expected":"off"}"#, key))
            #expect(on.state == .on && !on.isRepeat)
            let again = try hand.accepted(
                try await hand.ask(.POST, "/api/v1/relays/strobe", #"{"do":"toggle","expected":"off"}"#, key))
            #expect(again.isRepeat && again.state == .on)
            let reused = try await hand.ask(.POST, "/api/v1/relays/strobe", #"{"do":"off"}"#, key)
            #expect(reused.status == 422 && reused.body.contains("relay.keyReused"), "\(reused)")
            let late = try await hand.ask(.POST, "/api/v1/relays/strobe", #"{"do":"toggle","expected":"off"}"#)
            #expect(late.status == 409 && late.body.contains("relay.unexpectedState"), "\(late)")
            for body in [
                "{}", #"{"do":"explode"}"#, #"{"do":"on","seconds":1}"#, #"{"do":"pulse","seconds":1e9}"#, "[]",
            ] {
                #expect(try await hand.ask(.POST, "/api/v1/relays/strobe", body).status == 400, "\(body)")
            }
            for (body, words) in [
                (#"{"do":"override","seconds":5}"#, "state is missing."),
                (#"{"do":"on","seconds":1}"#, "seconds does not belong to 'on'."),
            ] {
                #expect(try await hand.ask(.POST, "/api/v1/relays/strobe", body).body.contains(words), "\(body)")
            }
            for wrong in ["", "\"\"", "a b", String(repeating: "k", count: 65)] {
                let reply = try await hand.ask(
                    .POST, "/api/v1/relays/strobe", #"{"do":"off"}"#, [("Idempotency-Key", wrong)])
                #expect(reply.status == 400, "\(wrong): \(reply)")
            }
            #expect(try await hand.ask(.POST, "/api/v1/relays/lamp", #"{"do":"on"}"#).status == 404)
            #expect(try await eye.ask(.POST, "/api/v1/relays/strobe", #"{"do":"off"}"#).status == 403)
            #expect(try await eye.relay("strobe").status?.state == .on)
            try await eventually("the reading") {
                try await made.unit.latest().contains { $0.metric.name == "relay.state@strobe" && $0.value == 1 }
            }
            let metrics = try await made.unit.get("/metrics").body
            #expect(
                String(decoding: metrics, as: UTF8.self).contains(
                    #"picli_relay_state{relay="strobe",simulated="true"} 1"#))
            let audit = try await made.kept().entries.filter { $0.hasPrefix("relay.") }
            #expect(
                audit.first == "relay.toggle strobe done, on"
                    && audit.contains("relay.off strobe refused: relay.keyReused")
            )
        }
    }

    @Test("a pulse is as long as it says; the router comes back unless that is confirmed")
    func times() async throws {
        try await Self.with { hand, _, _ in
            let start = ContinuousClock.now
            let pulse = try hand.accepted(
                try await hand.ask(.POST, "/api/v1/relays/strobe", #"{"do":"pulse","seconds":1,"state":"on"}"#))
            #expect(pulse.state == .on && pulse.status.pulse != nil)
            try await eventually("the end of the pulse", poll: .milliseconds(10)) {
                try await hand.relay("strobe").status?.state == .off
            }
            #expect(ContinuousClock.now - start >= .milliseconds(950))
            let cut = try hand.accepted(try await hand.ask(.POST, "/api/v1/relays/router", #"{"do":"off"}"#))
            #expect(cut.state == .off && cut.status.restore.map { (3.0...5).contains($0.seconds) } == true, "\(cut)")
            try await eventually("the restore") { try await hand.relay("router").status?.state == .on }
            _ = try await hand.ask(.POST, "/api/v1/relays/router", #"{"do":"off"}"#)
            let kept = try hand.accepted(try await hand.ask(.POST, "/api/v1/relays/router", #"{"do":"confirm"}"#))
            #expect(kept.status.restore == nil && kept.state == .off)
            try await Task.sleep(for: .seconds(6))
            #expect(try await hand.relay("router").status?.state == .off)
        }
    }

    @Test("every change is in the journal once, with who and why, also after the unit was killed; states are kept")
    func journal() async throws {
        try await Self.with { hand, _, made in
            for command in ["on", "off", "on"] {
                _ = try hand.accepted(try await hand.ask(.POST, "/api/v1/relays/strobe", #"{"do":"\#(command)"}"#))
            }
            try await eventually("three changes") {
                try await hand.history("strobe").filter { $0.event.code.rawValue == "relay.switched" }.count == 3
            }
            made.unit.kill()
            try await made.unit.start([
                "--site", made.unit.folder.appending(path: "site.yaml").path, "--simulate", "--listen", made.address,
            ])
            try await eventually("relays") { try await hand.relay("strobe").status != nil }
            _ = try hand.accepted(
                try await hand.ask(.POST, "/api/v1/relays/fan", #"{"do":"override","seconds":60,"state":"on"}"#))
            try await eventually("the hold") { try await !hand.history("fan").isEmpty }
            let changes = try await hand.history("strobe").map(\.event)
                .filter { $0.values["who"] == .text("anna (token hand)") }
            #expect(changes.count == 3 && Set(changes.compactMap { $0.values["change"] }).count == 3)
            #expect(changes.allSatisfy { $0.values["origin"] == .text("127.0.0.1") })
        }
    }

    @Test("the command line says what it did, and what comes of it")
    func commandLine() async throws {
        try await Self.with { _, _, made in
            func run(_ arguments: String...) async throws -> Run {
                try await Run.picli(["relay"] + arguments + ["--state", made.unit.state.path])
            }
            let on = try await run("on", "strobe")
            #expect(on.status == 0 && on.output.hasPrefix("strobe is on.\n"), "\(on)")
            let off = try await run("off", "router")
            #expect(off.output.contains("It comes on by itself in"), "\(off)")
            #expect(off.output.contains("Try: picli relay confirm router"), "\(off)")
            #expect(try await run("confirm", "router").status == 0)
            let wrong = try await run("on", "strobe", "--if", "off")
            #expect(wrong.status == 1 && wrong.error.contains("error: "), "\(wrong)")
            let list = try await run("list")
            #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(list.output)")
            #expect(list.output.contains("router") && list.output.contains("last: off by root"), "\(list.output)")
            try await eventually("the history") {
                try await run("history", "strobe").output.contains("Relay strobe was switched on by root")
            }
            let schedule = try await run("schedule")
            #expect(schedule.output.contains("07:00..19:00: on"), "\(schedule)")
            let none = try await run("pulse", "lamp", "2")
            #expect(none.status == 1 && none.error.contains("router, strobe, fan"), "\(none)")
        }
    }

    @Test("an input of the simulation is counted, and goes on after a restart")
    func inputs() async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: Self.site)
            func count() async throws -> Double? {
                try await unit.latest().first { $0.metric.name == "input.count@flow" }?.value
            }
            try await unit.start(["--site", site.path, "--simulate"])
            try await eventually("two pulses", within: .seconds(25)) { try await count() ?? 0 >= 2 }
            _ = try await unit.stop()
            try await unit.start(["--site", site.path, "--simulate"])
            try await eventually("the count of before") { try await count() ?? 0 >= 2 }
        }
    }
}
