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

    /// Where the kernel shows a line's level.
    public static func file(_ line: Int) -> String { "/sys/devices/platform/gpio-sim.0/gpiochip0/sim_gpio\(line)/value" }

    /// The level at a line's pin now: 1 is high.
    public func level(_ line: Int) async throws -> Int {
        Int(try await bench.run("cat \(Self.file(line))")) ?? -1
    }

    /// What the outside puts on a line that is an input.
    public func pull(_ line: Int, up: Bool) async throws {
        let folder = Self.file(line).dropLast("value".count)
        try await bench.run("echo pull-\(up ? "up" : "down") > \(folder)pull")
    }

    /// Starts to look at lines, and at files by name.
    public func sample(_ lines: [Int], files: [String: String] = [:]) async throws {
        try await install()
        try await bench.run("systemd-run -q --unit sampling --nice -5 \(Self.command(lines, files))")
        try await eventually("the lines are looked at") { try await changes().count >= lines.count + files.count }
    }

    /// Looks at lines from the next boot on, as early as there are any.
    public func sampleFromBoot(_ lines: [Int]) async throws {
        try await install()
        let unit = """
            [Unit]
            DefaultDependencies=no
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

    private func install() async throws {
        let program = Machine.scripts.deletingLastPathComponent().appending(path: "sample-lines")
        try await bench.run(
            "cat > /usr/local/sbin/sample-lines; chmod 755 /usr/local/sbin/sample-lines",
            input: try Data(contentsOf: program))
    }

    private static func command(_ lines: [Int], _ files: [String: String]) -> String {
        let pairs = lines.map { "GPIO\($0)=\(file($0))" } + files.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "/usr/bin/python3 /usr/local/sbin/sample-lines /var/log/lines " + pairs.joined(separator: " ")
    }
}
