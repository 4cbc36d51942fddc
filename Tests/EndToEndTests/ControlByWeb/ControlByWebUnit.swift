import Foundation
import NIOCore
import NIOHTTP1
import Site
import Testing

/// A real unit on simulated lines that old clients take for a ControlByWeb box.
struct ControlByWebUnit {
    let made: ProvisionedUnit
    let port: Int
    /// Tokens of an operator and of a viewer.
    let hand: String
    let eye: String
    let old: Visitor

    /// - Parameter section: The words of `compatibility.controlbyweb` besides its port and who may connect.
    static func with(
        _ section: String, scheme: String = "http", _ body: (ControlByWebUnit) async throws -> Void
    ) async throws {
        let port = try Unit.freePort()
        let rule = section.contains("setpoint") ? #"{ when: "setpoint > 20", clear: "< 10", set: on }"# : ""
        let site = """
            site: { name: Trailer 42, timezone: America/Denver }
            network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 }, witness: fleet.example }
            sensors:
              - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
              - { id: battery, chip: ads1115, bus: 1, address: 0x48, input: AIN1-GND, range: 4.096, scale: 11.0, unit: V }
            relays:
              - { id: lamp, name: Red lamp, line: GPIO27 }
              - id: fan
                name: Cabinet fan
                line: GPIO22
                rules: [\(rule)]
              - id: router
                name: Router
                line: GPIO17
                contact: nc
                boot: on
                watchdog: { ping: [gateway, witness], off_for: 2s, then_every: 6h }
              - { id: pump, line: GPIO16, minimum_on: 10s }
            inputs:
              - { id: door, name: Front door, line: GPIO23 }
            compatibility:
              controlbyweb: { port: \(port), allow: [127.0.0.1/32], \(section) }
            """
        try await ProvisionedUnit.with(site: site, users: [("anna", .admin)]) { made in
            let (hand, eye) = try await Visitor.with(made.address) { visitor in
                let session = try await visitor.session("anna")
                return (
                    try await visitor.token("hand", "operator", of: session),
                    try await visitor.token("eye", "viewer", of: session)
                )
            }
            try await Visitor.with("\(scheme)://127.0.0.1:\(port)") { old in
                let unit = ControlByWebUnit(made: made, port: port, hand: hand, eye: eye, old: old)
                try await eventually("all that a box tells") {
                    let reply = try await unit.ask("/state.json")
                    return reply.status == 200 && !reply.body.contains("\"x")
                }
                try await body(unit)
            }
        }
    }

    /// As an old script does: with a name that does not matter, and the token as the password.
    func ask(_ target: String, token: String? = nil, _ method: HTTPMethod = .GET) async throws -> Visitor.Reply {
        try await old.ask(method, target, [Self.basic(token ?? hand)])
    }

    static func basic(_ password: String) -> (String, String) {
        ("Authorization", "Basic \(Data("none:\(password)".utf8).base64EncodedString())")
    }

    /// Waits until the audit log has what was asked for; nobody waits for the card.
    func audited(_ entries: [String]) async throws {
        var last: [String] = []
        do {
            try await eventually("the audit log") {
                let run = try await Run.picli(["audit", "list", "--state", made.unit.state.path, "--json"])
                last = try JSONDecoder().decode(AuditDocument.self, from: Data(run.output.utf8)).entries.map {
                    "\($0.action) \($0.subject) \($0.details ?? "")"
                }
                return Set(last).isSuperset(of: entries)
            }
        } catch { Issue.record("\(error): \(Set(entries).subtracting(last)) are not in \(last)") }
    }

    /// One element of `state.json`.
    func value(_ name: String) async throws -> String? {
        let reply = try await ask("/state.json")
        return try JSONDecoder().decode([String: String].self, from: Data(reply.body.utf8))[name]
    }

    /// How long it took until an element had a value.
    func time(until name: String, is text: String, from start: ContinuousClock.Instant) async throws -> Duration {
        try await eventually("\(name) is \(text)", poll: .milliseconds(10)) { try await value(name) == text }
        return ContinuousClock.now - start
    }
}
