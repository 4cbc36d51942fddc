import Bench
import Foundation
import Site
import Testing

/// The owner of the relays' lines in a machine.
struct RelayBench {
    let bench: Bench

    /// Both contacts, both levels, each behaviour after a crash, and an expander.
    static let site = """
        site: { name: Bench }
        relays:
          - { id: strobe, line: GPIO27, boot: off }
          - { id: router, line: GPIO17, contact: nc, active: low, boot: on, feeds: other }
          - { id: pump, line: GPIO23, boot: on }
          - { id: fan, line: GPIO22, boot: on, on_crash: off }
        """

    /// With two relays on one expander.
    static let expanderSite =
        site + """

              - { id: camera, expander: { bus: 1, address: 0x20, pin: GPB1 }, boot: on }
              - { id: lamp, expander: { bus: 1, address: 0x20, pin: GPA0 }, boot: off }
            """

    /// The lines of that site file.
    static let lines = [27, 17, 23, 22]
    /// Levels when every relay is in its boot state.
    static let bootLevels = ["GPIO27": "0", "GPIO17": "1", "GPIO23": "1", "GPIO22": "1"]

    /// Writes the site file and starts the owner; returns when it says that it is ready.
    func start(site: String = RelayBench.site) async throws {
        try await bench.unit.configure(site: site)
        let run = try await bench.status("systemctl start picli-relays")
        let log = try await log()
        try #require(run.status == 0, "\(run.error)\n\(log)")
    }

    func log() async throws -> String { try await bench.run("journalctl -u picli-relays -o cat --no-pager | tail -60") }

    func restarts() async throws -> Int {
        Int(try await bench.run("systemctl show -P NRestarts picli-relays")) ?? -1
    }

    func process() async throws -> Int { Int(try await bench.run("systemctl show -P MainPID picli-relays")) ?? 0 }

    /// Asks the socket; the answer as it came.
    @discardableResult
    func call(_ json: String) async throws -> String {
        let program = """
            import socket,sys
            s=socket.socket(socket.AF_UNIX)
            s.settimeout(8)
            s.connect("/run/picli-relays/relays.sock")
            s.sendall(sys.stdin.buffer.read()+b"\\n")
            print(s.makefile().readline(),end="")
            """
        return try await bench.run("python3 -c '\(program)'", input: Data(json.utf8))
    }

    /// Whether the owner answers, and says this.
    func says(_ word: String) async -> Bool {
        (try? await call(#"{"id":1,"call":"overview"}"#))?.contains(word) == true
    }

    /// What the emulated machine takes to load the program and to read a site file, in seconds.
    func loadTime() async throws -> Double {
        let times = try await bench.run(
            "cut -d' ' -f1 /proc/uptime; picli config check /etc/picli/site.yaml; cut -d' ' -f1 /proc/uptime")
        let numbers = times.split(separator: "\n").compactMap { Double($0) }
        return (numbers.last ?? 0) - (numbers.first ?? 0)
    }

    /// Tells a relay something, as a person would.
    @discardableResult
    func command(_ relay: String, _ command: String) async throws -> String {
        try await call(
            #"{"id":1,"call":"command","request":{"relay":"\#(relay)","command":\#(command),"cause":{"kind":"person","who":"anna","origin":"bench"}}}"#
        )
    }

    /// The last level of each line that was seen.
    func levels() async throws -> [String: String] {
        Dictionary(try await bench.lines.changes().map { ($0.name, $0.value) }) { $1 }
    }

    /// Changes by line since they were last forgotten, without what each began with.
    func moves() async throws -> [String: [String]] {
        Dictionary(grouping: try await bench.lines.changes(), by: \.name).mapValues { $0.dropFirst().map(\.value) }
            .filter { !$0.value.isEmpty }
    }

    /// One entry of the record of intents: a change, or an event.
    struct Entry: Decodable {
        var change: RelayChange?
        var event: Event?
        /// That of the event.
        var time: Timestamp?
    }

    /// What the record of intents holds.
    func record() async throws -> [Entry] {
        let text = try await bench.run(
            "cat /var/lib/picli-relays/intents.1 /var/lib/picli-relays/intents 2>/dev/null || true")
        return text.split(separator: "\n").compactMap {
            try? JSONDecoder().decode(Entry.self, from: Data($0.dropFirst(9).utf8))
        }
    }

    /// Kills the owner, and waits until the next one answers.
    func kill(_ signal: String = "KILL") async throws {
        let before = try await restarts()
        try await bench.run("kill -\(signal) \(try await process())")
        try await eventually("it is started again", within: .seconds(30)) { try await restarts() == before + 1 }
        try await eventually("it answers") { await says(#""start":"crash""#) }
    }

    /// The unit's relays keep their record on the disk that a test can make fail.
    func putRecordOnDisk() async throws {
        try await bench.run(
            """
            mkdir -p /var/lib/picli/relays; chown picli-relays: /var/lib/picli/relays; chmod 711 /var/lib/picli
            mount --bind /var/lib/picli/relays /var/lib/picli-relays
            """)
    }
}

extension [Lines.Change] {
    /// Of one line, those that gave it a level.
    func times(_ name: String, _ value: String) -> [Double] {
        filter { $0.name == name && $0.value == value }.map(\.time)
    }
}
