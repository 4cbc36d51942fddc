import Foundation

extension Bench {
    /// The lines of the header, by the kernel's own simulator.
    public nonisolated var lines: Lines { Lines(bench: self) }
}

/// The board's GPIO lines, and a program in the machine that looks at them all the time.
public struct Lines: Sendable {
    let bench: Bench

    /// One change of a line's level, in seconds since boot.
    public struct Change: Hashable, Sendable {
        public let time: Double
        public let name: String
        public let value: String
    }

    /// Where the kernel shows a line: `value` is its level, `pull` what the outside puts on it.
    private static func folder(_ line: Int, of chip: String = "gpiochip0") -> String {
        "/sys/devices/platform/gpio-sim.0/\(chip)/sim_gpio\(line)"
    }

    /// One that was away is back under another number.
    private func chip() async throws -> String {
        try await bench.run("cat /sys/kernel/config/gpio-sim/pi/bank0/chip_name")
    }

    /// The level at a line's pin now: 1 is high.
    public func level(_ line: Int) async throws -> Int {
        Int(try await bench.run("cat \(Self.folder(line, of: try await chip()))/value")) ?? -1
    }

    /// What the outside puts on a line that is an input.
    public func pull(_ line: Int, up: Bool) async throws {
        try await bench.run("echo pull-\(up ? "up" : "down") > \(Self.folder(line, of: try await chip()))/pull")
    }

    /// True: the whole chip is there, false: it is gone, as a board that comes off its connector.
    public func connect(_ isConnected: Bool) async throws {
        try await bench.run("echo \(isConnected ? 1 : 0) > /sys/kernel/config/gpio-sim/pi/live")
    }

    /// Lets the kernel write down each level that it gives to a line, with its own time.
    public func trace() async throws {
        try await bench.run(
            """
            mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
            cd /sys/kernel/tracing; echo mono > trace_clock; echo 1 > events/gpio/gpio_value/enable; echo > trace
            """)
    }

    /// What the kernel has written down since, of all lines: seconds since boot, and the level.
    public func traced() async throws -> [(time: Double, level: Int)] {
        try await bench.run("cat /sys/kernel/tracing/trace").split(separator: "\n").compactMap { row in
            guard let found = row.firstMatch(of: /\s(\d+\.\d+): gpio_value: \d+ set (\d)/),
                let time = Double(found.1), let level = Int(found.2)
            else { return nil }
            return (time, level)
        }
    }

    /// Starts to look at lines, and at files by name.
    public func sample(_ lines: [Int], files: [String: String] = [:]) async throws {
        let command = Self.command(lines, files, of: try await chip())
        try await bench.run("systemd-run -q --unit sampling --nice -5 \(command)")
        try await eventually("the lines are looked at") { try await changes().count >= lines.count + files.count }
    }

    /// Looks at lines from the next boot on, as early as there are any.
    public func sampleFromBoot(_ lines: [Int]) async throws {
        let unit = """
            [Unit]
            DefaultDependencies=no
            After=systemd-remount-fs.service
            Before=sysinit.target picli-relays.service
            [Service]
            Nice=-5
            ExecStart=\(Self.command(lines, [:]))
            [Install]
            WantedBy=sysinit.target
            """
        try await bench.run(
            "cat > /etc/systemd/system/sampling.service; systemctl -q enable sampling; sync", input: Data(unit.utf8))
    }

    /// All changes so far, oldest first.
    public func changes() async throws -> [Change] {
        let text = try await bench.run("cat /var/log/lines 2>/dev/null || true")
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let time = Double(words[0]) else { return nil }
            return Change(time: time / 1e6, name: String(words[1]), value: String(words[2]))
        }
    }

    /// Forgets what was seen.
    public func clear() async throws { try await bench.run("rm -f /var/log/lines; systemctl restart sampling") }

    private static func command(_ lines: [Int], _ files: [String: String], of chip: String = "gpiochip0") -> String {
        let pairs =
            lines.map { "GPIO\($0)=\(folder($0, of: chip))/value" }
            + files.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "/usr/local/sbin/sample-lines /var/log/lines " + pairs.joined(separator: " ")
    }
}
