import Foundation
import Site
import Testing

/// The relay commands against a unit that answers on its control socket.
@Suite("picli relay, asking a running unit")
struct RelayCommandTests {
    private static func countdown(_ seconds: Double) -> RelayCountdown {
        RelayCountdown(at: WallTime(milliseconds: Trailer.start + Int64(seconds * 1000)), seconds: seconds)
    }

    private static func status(_ id: String, _ state: RelayState) -> RelayStatus {
        RelayStatus(
            relay: id, state: state, wanted: state, coil: state == .on,
            since: WallTime(milliseconds: Trailer.start - 3_600_000))
    }

    private static let cause = RelayCause(.schedule, who: "07:00: on", origin: "unit")

    /// A router that is restored, a strobe with a schedule, a fan that nobody knows.
    static let relays: RelaysDocument = {
        var router = status("router", .off)
        router.restore = countdown(42.2)
        router.last = RelayChange(
            number: 7, relay: "router", from: .on, to: .off,
            cause: RelayCause(.person, who: "anna", origin: "192.168.1.20"), time: Trailer.time(-20))
        router.watchdog = WatchdogStatus(state: .resting)
        var strobe = status("strobe", .on)
        strobe.pulse = countdown(5)
        strobe.next = RelayScheduled(state: .off, at: countdown(36_000), entry: "07:00..18:00: on")
        let configurations =
            [
                (RelayConfiguration(id: "router", name: "Router", output: .line(5), contact: .normallyClosed), router),
                (
                    RelayConfiguration(
                        id: "strobe", name: "Strobe", output: .line(27),
                        schedule: [ScheduleEntry(start: .clock(minutes: 420), end: .clock(minutes: 1080), state: .on)]),
                    strobe
                ),
                (RelayConfiguration(id: "fan", output: .line(22)), nil),
            ] as [(RelayConfiguration, RelayStatus?)]
        return RelaysDocument(away: nil, relays: configurations.map { .init($0, status: $1) })
    }()

    private static let script: ScriptedUnit.Script = { path, _ in
        switch path {
        case "/api/v1/relays/fan": return try ScriptedUnit.json(RelaysDocument(away: nil, relays: [relays.relays[2]]))
        case "/api/v1/relays": return try ScriptedUnit.json(relays)
        case "/api/v1/relays/router":
            let status = try #require(relays.relays[0].status)
            return try ScriptedUnit.json(
                RelayCommandDocument(
                    relay: "router", accepted: RelayAcceptance(state: .off, change: 7, status: status)))
        case "/api/v1/relays/strobe":
            let problem =
                #"{"status":409,"code":"relay.tooEarly","detail":"Strobe was switched off 3 s ago, and stays off for 10 s."}"#
            return .init(status: 409, body: problem)
        default: return .init(status: 404, body: "")
        }
    }

    @Test(
        "list, as text of 80 columns and as JSON", arguments: [("relay-list.txt", []), ("relay-list.json", ["--json"])])
    func list(golden: String, arguments: [String]) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Self.script) { _ in
            let result = try await Binary.run(Binary.path, ["relay", "list", "--state", folder.path] + arguments)
            #expect(result.status == 0, "\(result)")
            #expect(try Golden.matches(result.output, golden))
            #expect(arguments == ["--json"] || result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        }
    }

    @Test(
        "a command says how the relay stands, and what to do about it",
        arguments: [("relay-off.txt", []), ("relay-off.json", ["--json"])])
    func off(golden: String, arguments: [String]) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Self.script) { unit in
            let result = try await Binary.run(
                Binary.path, ["relay", "off", "router", "--state", folder.path, "--key", "k1"] + arguments)
            #expect(result.status == 0, "\(result)")
            #expect(try Golden.matches(result.output, golden))
            #expect(unit.requests == ["/api/v1/relays/router"])
        }
    }

    @Test("schedules, as text", arguments: [("relay-schedule.txt", [String]())])
    func schedule(golden: String, arguments: [String]) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Self.script) { _ in
            let result = try await Binary.run(Binary.path, ["relay", "schedule", "--state", folder.path] + arguments)
            #expect(try Golden.matches(result.output, golden), "\(result)")
        }
    }

    @Test("a relay without a schedule is named, and a length says what is wrong with it")
    func sentences() async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Self.script) { _ in
            let none = try await Binary.run("relay", "schedule", "fan", "--state", folder.path)
            #expect(none.output == "fan has no schedule.\n", "\(none)")
            let nothing = try await Binary.run("relay", "pulse", "strobe", "0", "--state", folder.path)
            #expect(nothing.error.contains("it must be longer than nothing."), "\(nothing)")
            let ever = try await Binary.run("relay", "pulse", "strobe", "1e9", "--state", folder.path)
            #expect(ever.status == 64 && ever.error.contains("31 days"), "\(ever)")
        }
    }

    @Test("a router that is held off says what keeps it so, and a line that fails does not say how the load stands")
    func notes() async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(
            in: folder,
            { path, _ in
                var router = Self.status("router", .off)
                router.restore = Self.countdown(60)
                router.override = RelayOverride(
                    state: .off, ends: Self.countdown(3600), cause: RelayCause(.person, who: "anna", origin: "unit"))
                router.held = RelayHold(.override, state: .on, until: Self.countdown(3600), cause: Self.cause)
                var lamp = Self.status("lamp", .on)
                lamp.line = .failed
                let relays = [router, lamp].map { status in
                    RelaysDocument.Relay(
                        RelayConfiguration(id: status.relay, output: .line(5)), status: status)
                }
                return path == "/api/v1/relays"
                    ? try ScriptedUnit.json(RelaysDocument(away: nil, relays: relays))
                    : try ScriptedUnit.json(
                        RelayCommandDocument(relay: "router", accepted: RelayAcceptance(state: .off, status: router)))
            }
        ) { _ in
            let held = try await Binary.run(
                "relay", "override", "router", "off", "--for", "1h", "--state", folder.path)
            #expect(
                held.output == """
                    router is off.
                    It is held off for another 1h if that is confirmed, else comes on by itself in 1m.
                    Try: picli relay confirm router, to keep it off

                    """, "\(held)")
            let list = try await Binary.run("relay", "list", "--state", folder.path)
            #expect(list.output.contains("lamp    not known") && list.output.contains("should be on"), "\(list)")
        }
    }

    @Test("a refusal is a failure with the code of its reason")
    func refusal() async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Self.script) { _ in
            let result = try await Binary.run("relay", "on", "strobe", "--state", folder.path, "--json")
            #expect(result.status == 1 && result.failure?["code"] as? String == "relay.tooEarly", "\(result)")
        }
    }

    @Test("without a running unit nothing is switched, and that is said")
    func stopped() async throws {
        let folder = try Folder()
        let result = try await Binary.run("relay", "on", "strobe", "--state", folder.path)
        #expect(result.status == 75 && result.error.contains("picli serve is not running"), "\(result)")
    }

    @Test(
        "what cannot be meant is refused before anybody is asked",
        arguments: [
            ["on", "../users"], ["pulse", "strobe", "0"], ["override", "fan", "on"],
            ["override", "fan", "open", "--for", "1h"],
            ["on", "strobe", "--if", "open"], ["history", "--count", "0"], ["on", "strobe", "--key", ""],
        ])
    func usage(arguments: [String]) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Self.script) { unit in
            let result = try await Binary.run(Binary.path, ["relay"] + arguments + ["--state", folder.path])
            #expect(result.status == 64, "\(result)")
            #expect(unit.requests.isEmpty)
        }
    }
}
