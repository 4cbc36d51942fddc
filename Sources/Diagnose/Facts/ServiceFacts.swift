import Platform

/// What systemd says of its units.
public struct ServiceFacts: Hashable, Sendable {
    /// One unit of systemd.
    public struct Unit: Hashable, Sendable {
        public var name: String
        /// `active`, `inactive`, `failed`, `activating`.
        public var state: String
        /// `running`, `dead`, `auto-restart`.
        public var detail: String
        /// How often systemd started it again by itself.
        public var restarts: Int
        /// `success`, `exit-code`, `watchdog`, `signal`.
        public var result: String
        public var exitStatus: Int

        public init(
            _ name: String, state: String = "active", detail: String = "running", restarts: Int = 0,
            result: String = "success", exitStatus: Int = 0
        ) {
            self.name = name
            self.state = state
            self.detail = detail
            self.restarts = restarts
            self.result = result
            self.exitStatus = exitStatus
        }
    }

    /// Those that the unit needs, as far as they are installed.
    public var units: [Unit]
    /// All that have failed on this machine.
    public var failed: [String]

    public init(units: [Unit] = [], failed: [String] = []) {
        self.units = units
        self.failed = failed
    }

    /// What the unit stands on, by the name of its package's units and of Debian's.
    static let needed = [
        "picli.service", "picli-web.socket", "picli-modbus.socket", "picli-host.service", "picli-relays.service",
        "picli-snmp.service", "rsyslog.service", "run-picli\\x2dlogs.mount", "nftables.service", "ssh.service",
        "systemd-timesyncd.service", "chrony.service", "picli-share.service",
    ]

    private static let properties = "Id,LoadState,ActiveState,SubState,NRestarts,Result,ExecMainStatus"

    init(of subject: Subject) async throws {
        guard subject.isInstalled else { throw NotHere("this unit is not a service of the machine") }
        guard FileKind(of: "/run/systemd/system") == .directory else { throw NotHere("systemd does not run here") }
        let show = try await subject.commands.run(
            Command("systemctl", ["show", "--property=\(Self.properties)"] + Self.needed, timeout: .seconds(4)))
        let failed = try await subject.commands.run(
            Command(
                "systemctl", ["list-units", "--state=failed", "--plain", "--no-legend", "--no-pager"],
                timeout: .seconds(4)))
        units = Self.units(show.text)
        self.failed = failed.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    /// Blocks of `Name=value`, one for each unit, with an empty line between.
    static func units(_ text: String) -> [Unit] {
        text.components(separatedByEmptyLines: ()).compactMap { block in
            var values: [Substring: String] = [:]
            for line in block {
                guard let equals = line.firstIndex(of: "=") else { continue }
                values[line[..<equals]] = String(line[line.index(after: equals)...])
            }
            guard let name = values["Id"], values["LoadState"] != "not-found" else { return nil }
            return Unit(
                name, state: values["ActiveState"] ?? "", detail: values["SubState"] ?? "",
                restarts: values["NRestarts"].flatMap { Int($0) } ?? 0, result: values["Result"] ?? "",
                exitStatus: values["ExecMainStatus"].flatMap { Int($0) } ?? 0)
        }
    }

    subscript(name: String) -> Unit? { units.first { $0.name == name } }
}

extension String {
    /// Its lines, in groups that empty lines divide.
    fileprivate func components(separatedByEmptyLines: Void) -> [[Substring]] {
        split(separator: "\n", omittingEmptySubsequences: false).split { $0.isEmpty }.map(Array.init)
    }
}
