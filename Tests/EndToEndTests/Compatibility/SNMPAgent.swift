import Foundation
import TestSupport
import Testing

/// A real snmpd with the file that `picli host apply` makes, and a simulated unit behind it.
final class SNMPAgent {
    let unit: Unit
    let port: Int
    private let folder: URL
    private var process = Process()
    private let log: URL

    private static let secrets = """
        nms-auth: correct-horse-battery
        nms-privacy: staple-ochre-wren
        nms-reader: trailer42-reads

        """
    private static let here = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    /// As much of the RFCs' modules as ours imports.
    static let modules = here.appending(path: "Fixtures/mibs").standardized
    static let module = here.appending(path: "../../image/mibs/PICLI-MIB.txt").standardized
    static var folders: String { "\(modules.path):\(module.deletingLastPathComponent().path)" }

    private init(_ unit: Unit, port: Int) {
        self.unit = unit
        self.port = port
        folder = unit.folder.appending(path: "machine")
        log = unit.folder.appending(path: "snmpd.log")
    }

    /// - Parameter site: The site file for a port of the agent.
    static func with(_ site: (Int) -> String, _ body: (SNMPAgent) async throws -> Void) async throws {
        try await Unit.with { unit in
            let agent = SNMPAgent(unit, port: try Unit.freePort())
            defer { agent.stop() }
            let file = try unit.write(site: site(agent.port))
            try await agent.configure(file)
            try await agent.start()
            try await unit.start(["--simulate", "--site", file.path, "--snmp", agent.socket])
            try await agent.isAnswered()
            try await body(agent)
        }
    }

    /// Waits for a sensor and a relay of the unit.
    private func isAnswered() async throws {
        do {
            try await eventually("the unit answers by SNMP") {
                let sensor = try await get("PICLI-MIB::picliSensorStatus.1")
                let relay = try await get("PICLI-MIB::picliRelayState.2")
                return sensor == "ok" && relay == "off"
            }
        } catch {
            // Its limit may end the test before it can say why.
            let walk = try await run("snmpwalk", [address, "PICLI-MIB::picliMIB"])
            Issue.record("\(walk)\nsnmpd: \(said)\nunit: \(unit.logText)")
            throw error
        }
    }

    private var said: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
    private var socket: String { unit.folder.appending(path: "agentx").path }
    var address: String { "udp:127.0.0.1:\(port)" }

    /// A tree with as much of a machine as `picli host apply` looks at; what it makes there is snmpd's.
    private func configure(_ site: URL) async throws {
        for (path, text) in [
            "etc/picli/site.yaml": try String(contentsOf: site, encoding: .utf8),
            "etc/passwd": "root:x:0:0::/:/bin/sh\n", "etc/group": "root:x:0:\npicli:x:998:\npicli-snmp:x:0:\n",
            "usr/sbin/snmpd": "", "run/systemd/keep": "",
        ] {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        for name in ["agent", "snmpd"] {
            try FileManager.default.createDirectory(at: file(name), withIntermediateDirectories: true)
        }
        try await apply(Self.secrets)
        // What the tools of a manager are told, so that no passphrase is among their arguments.
        try Data(
            """
            defVersion 3
            defSecurityName nms
            defSecurityLevel authPriv
            defAuthType SHA-256
            defAuthPassphrase correct-horse-battery
            defPrivType AES
            defPrivPassphrase staple-ochre-wren
            mibdirs \(Self.folders)
            mibs PICLI-MIB
            retries 1

            """.utf8
        ).write(to: file("snmp.conf"))
    }

    private func apply(_ secrets: String) async throws {
        try Data(secrets.utf8).write(to: folder.appending(path: "etc/picli/secrets.yaml"))
        let run = try await Run.picli(["host", "apply", "--root", folder.path])
        try #require(run.status == 0, "\(run)")
        #expect(!run.output.contains("correct-horse") && !run.error.contains("correct-horse"))
        let made = try String(contentsOf: folder.appending(path: "run/picli-snmp/snmpd.conf"), encoding: .utf8)
        try Data(made.replacing("/run/picli-snmp/agentx", with: socket).utf8).write(to: file("agent/snmpd.conf"))
    }

    /// Another passphrase in secrets.yaml, and what follows from it on a unit.
    func change(_ old: String, to new: String) async throws {
        try await apply(Self.secrets.replacing(old, with: new))
        try await restart()
    }

    /// What picli-snmp.service does before it starts snmpd.
    private func prepare() async throws {
        let service = Self.here.appending(path: "../../image/units/picli-snmp.service").standardized
        let lines = try String(contentsOf: service, encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("ExecStartPre=") })
        let words = line.dropFirst("ExecStartPre=".count).split(separator: " ").map {
            String($0).replacing("/var/lib/picli-snmp", with: file("snmpd").path)
        }
        let run = try await Run.program(URL(filePath: words[0]), Array(words.dropFirst()))
        try #require(run.status == 0, "\(run)")
    }

    private func file(_ name: String) -> URL { unit.folder.appending(path: name) }

    private func start() async throws {
        try await prepare()
        process = Process()
        process.executableURL = ClosingProgram.timeout
        process.arguments =
            ClosingProgram.arguments("/usr/sbin/snmpd") + [
                "-f", "-Lo", "-I", "-smux,mteTrigger,mteTriggerConf",
            ]
        process.environment = [
            "SNMP_PERSISTENT_DIR": file("snmpd").path, "MIBS": "",
            "SNMPCONFPATH": "\(file("agent").path):\(file("snmpd").path)",
        ]
        process.standardInput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.runWithSignalsOpen()
    }

    private func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    func restart() async throws {
        process.terminate()
        try await eventually("snmpd ends") { !self.process.isRunning }
        try #require(process.terminationStatus == 0, "it did not end in order: \(said)")
        try await start()
    }

    /// One of net-snmp's tools, as a manager uses it.
    func run(_ tool: String, _ arguments: [String]) async throws -> Run {
        try await Run.program(
            URL(filePath: "/usr/bin/\(tool)"), arguments,
            environment: ["SNMPCONFPATH": unit.folder.path, "SNMP_PERSISTENT_DIR": file("manager").path])
    }

    /// The value of an object, as the tools print it, without quotes.
    func get(_ name: String, _ settings: [String] = []) async throws -> String {
        let run = try await run("snmpget", ["-Oqv"] + settings + [address, name])
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines).replacing("\"", with: "")
    }
}

/// A program that closes whatever descriptors it was given, among them the one by which Foundation sees that it has ended.
///
/// So it runs below timeout(1), which keeps them, passes SIGTERM on, and ends it for good when a test does not.
enum ClosingProgram {
    static let timeout = URL(filePath: "/usr/bin/timeout")
    static func arguments(_ program: String) -> [String] { ["--kill-after=2", "90", program] }
}

/// A real snmptrapd.
final class SNMPReceiver {
    let port: Int
    private let folder: URL
    private let process = Process()

    /// Its number, to which informs by v3 are addressed.
    static let engine = "0x80001f8804666c6f6f72"

    private init(_ folder: URL, port: Int) {
        self.folder = folder
        self.port = port
    }

    static func with(port: Int? = nil, _ body: (SNMPReceiver) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picli-traps-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let receiver = SNMPReceiver(folder, port: try port ?? Unit.freePort())
        try receiver.start()
        defer {
            receiver.process.terminate()
            receiver.process.waitUntilExit()
        }
        try await eventually("snmptrapd listens") { receiver.text.contains("NET-SNMP version") }
        try await body(receiver)
    }

    private func start() throws {
        let configuration = folder.appending(path: "snmptrapd.conf")
        try Data(
            """
            exactEngineID \(Self.engine)
            authCommunity log trailer42-reads
            createUser nms SHA-256 "correct-horse-battery" AES "staple-ochre-wren"
            createUser -e 0x80001f8804747261696c65722d3432 nms SHA-256 "correct-horse-battery" AES "staple-ochre-wren"
            authUser log nms

            """.utf8
        ).write(to: configuration)
        process.executableURL = ClosingProgram.timeout
        process.arguments =
            ClosingProgram.arguments("/usr/sbin/snmptrapd") + [
                "-f", "-Lf", folder.appending(path: "traps").path, "-C", "-c", configuration.path, "-m", "PICLI-MIB",
                "-M",
                SNMPAgent.folders, "udp:127.0.0.1:\(port)",
            ]
        process.environment = ["SNMP_PERSISTENT_DIR": folder.appending(path: "state").path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.runWithSignalsOpen()
    }

    /// The notifications of one name that came so far.
    func count(_ name: String) -> Int { text.split(separator: "\n").count { $0.contains(name) } }

    /// What came so far.
    var text: String { (try? String(contentsOf: folder.appending(path: "traps"), encoding: .utf8)) ?? "" }
}
