public import Foundation
import Testing

/// One virtual machine with the hardware of a site: its kernel believes in every sensor, drive and disk.
///
///     try await Bench.resume { bench in
///         let probe = try await bench.oneWire.plug("28-0000075ff6b1", celsius: 21.5)
///         try await bench.unit.start(site: "site: { name: Trailer }\nsensors: …")
///         try await probe.fault(.crc)
///     }
///
/// A machine lives as long as its closure at most, and dies with this process. Its network ends at the machine: only
/// this process can reach it, and nothing in it can reach beyond.
public actor Bench {
    /// How a machine comes to life.
    public enum Start: Sendable {
        /// From the frozen state: about a second. Boot-time code does not run.
        case resume
        /// From its kernel on: about ten seconds.
        case boot
    }

    private let folder: URL
    private let data: VolatileDisk?
    private var power: Power?
    /// How long the test had, when that was not enough.
    private var expired: Duration?

    private struct Power {
        let qemu: Child
        let monitor: Monitor
        let shell: Shell
        /// Ports that lead out of the machine.
        var forwarded: Set<Int> = []
    }

    /// What a test may take, from the moment that it has its machine.
    public static var limit: Duration { .seconds(600) }

    /// How long a test waits for what should come at once: an emulated processor is slow on a busy machine.
    public static var patience: Duration { .seconds(60) }

    /// A machine out of the frozen state, for the time of `body`.
    ///
    /// - Parameters:
    ///   - data: Takes the place of the data disk; outlives the machine.
    ///   - limit: Then the power goes, and whatever `body` waits for fails.
    public static func resume<Result>(
        data: VolatileDisk? = nil, limit: Duration = limit, _ body: (Bench) async throws -> Result
    ) async throws -> Result {
        try await with(.resume, data, limit, body)
    }

    /// A machine that boots from its kernel on, for the time of `body`.
    public static func boot<Result>(
        data: VolatileDisk? = nil, limit: Duration = limit, _ body: (Bench) async throws -> Result
    ) async throws -> Result {
        try await with(.boot, data, limit, body)
    }

    private static func with<Result>(
        _ start: Start, _ data: VolatileDisk?, _ limit: Duration, _ body: (Bench) async throws -> Result
    ) async throws -> Result {
        if let missing = Machine.missing { throw BenchFailure(missing) }
        await MachineSlots.all.take(limit: limit)
        defer { MachineSlots.all.release() }
        let began = ContinuousClock.now
        defer {
            let duration = ContinuousClock.now - began
            print("bench: \(duration.components.seconds) s: \(Test.current?.name ?? "no test")")
        }
        let bench = try Bench(data: data)
        let timer = Task {
            try await Task.sleep(for: limit)
            await bench.expire(limit)
        }
        defer { timer.cancel() }
        do {
            try await bench.powerOn(start)
            let result = try await body(bench)
            await bench.end()
            return result
        } catch {
            await bench.end()
            throw error
        }
    }

    private init(data: VolatileDisk?) throws {
        self.data = data
        // Short: the path of a Unix socket has at most 107 bytes.
        folder = URL(fileURLWithPath: "/tmp/bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    // MARK: Power

    /// Takes the power away, between two instructions.
    ///
    /// What a volatile disk has not flushed is lost by its rules.
    public func cutPower() async throws {
        guard let power else { return }
        self.power = nil
        power.qemu.kill()
        power.shell.close()
        _ = await power.qemu.status
        try data?.cut()
    }

    /// Gives the power back.
    ///
    /// The data disk is as the cut left it; a resumed machine has a fresh system disk.
    public func powerOn(_ start: Start = .resume) async throws {
        precondition(power == nil, "the machine is on")
        let machine = Machine.here
        for file in ["ssh.sock", "qmp.sock", "serial.log"] {
            try? FileManager.default.removeItem(at: folder.appending(path: file))
        }
        if start == .resume { try await overlay("root", on: machine.folder.appending(path: "ready.qcow2"), "qcow2") }
        if start == .boot && !has("root") {
            try await overlay("root", on: machine.folder.appending(path: "root.ext4"), "raw")
        }
        if !has("data") { try await overlay("data", on: machine.folder.appending(path: "data.ext4"), "raw") }
        var environment = ["PROGRAM": Machine.program]
        if let data { environment["DATA"] = try data.serve(at: folder.appending(path: "data.sock")) }
        let arguments =
            try start == .resume
            ? ["-incoming", "exec:cat < '\(machine.state.path)'"]
            : ["-append", String(contentsOf: Machine.scripts.appending(path: "kernel-arguments"), encoding: .utf8)]
        let qemu = try await Child.start(
            [Machine.script("qemu"), machine.folder.path, folder.path] + arguments, environment: environment,
            log: folder.appending(path: "qemu.log"))
        do {
            power = try await wake(start, qemu)
        } catch {
            qemu.kill()
            throw BenchFailure("\(error)\n\(text(of: "qemu.log"))\n\(text(of: "serial.log").suffix(2000))")
        }
    }

    private func wake(_ start: Start, _ qemu: Child) async throws -> Power {
        let monitor = try await Monitor(socket: folder.appending(path: "qmp.sock").path)
        switch start {
        case .resume:
            try await eventually("the frozen state is loaded", within: .seconds(60), poll: .milliseconds(10)) {
                try await !monitor.execute("query-status").contains("inmigrate")
            }
            try await monitor.execute("cont")
        case .boot:
            try await eventually("the machine is up", within: .seconds(180), poll: .milliseconds(50)) {
                text(of: "serial.log").contains("BENCH-READY")
            }
        }
        let network = try await monitor.human("info usernet")
        guard let port = network.firstMatch(of: /127\.0\.0\.1\s+(\d+)/).flatMap({ Int($0.1) }) else {
            throw BenchFailure("QEMU does not say its ssh port: \(network)")
        }
        let shell = try await Shell(port: port, key: Machine.here.key, run: folder)
        if start == .resume {
            let now = Date().timeIntervalSince1970
            let attached = try await shell.run("machine-attach \(now)", input: Data())
            guard attached.status == 0 else {
                throw BenchFailure("machine-attach: \(String(decoding: attached.standardError, as: UTF8.self))")
            }
        }
        return Power(qemu: qemu, monitor: monitor, shell: shell)
    }

    private func expire(_ limit: Duration) async {
        expired = limit
        try? await cutPower()
    }

    private func end() async {
        try? await cutPower()
        if ProcessInfo.processInfo.environment["PICLI_BENCH_KEEP"] == nil {
            try? FileManager.default.removeItem(at: folder)
        }
    }

    // MARK: Commands

    /// Runs a shell command as root and returns how it ended.
    public func status(_ command: String, input: Data = Data()) async throws -> Run {
        guard let power else { throw off }
        let output = try await power.shell.run(command, input: input)
        return Run(
            status: output.status, output: String(decoding: output.standardOutput, as: UTF8.self),
            error: String(decoding: output.standardError, as: UTF8.self))
    }

    /// Runs a shell command as root, which must succeed, and returns its output without the last line end.
    @discardableResult
    public func run(_ command: String, input: Data = Data()) async throws -> String {
        let run = try await status(command, input: input)
        guard run.status == 0 else {
            throw BenchFailure("in the machine, exit \(run.status): \(command)\n\(run.error)\(run.output)")
        }
        return run.output.hasSuffix("\n") ? String(run.output.dropLast()) : run.output
    }

    /// A finished command.
    public struct Run: Sendable {
        public let status: Int32
        public let output: String
        public let error: String
    }

    /// A folder of this process that the machine sees as `/share`.
    public nonisolated var share: URL { folder.appending(path: "share") }

    /// A Unix socket of this process that leads to a loopback port of the machine, as long as it has power.
    public func forward(port: Int) async throws -> URL {
        guard let power else { throw off }
        let socket = folder.appending(path: "port-\(port).sock")
        if !power.forwarded.contains(port) {
            try? FileManager.default.removeItem(at: socket)
            try await power.shell.forward(port, to: socket)
            self.power?.forwarded.insert(port)
        }
        return socket
    }

    private var off: BenchFailure {
        BenchFailure(expired.map { "the test has taken longer than \($0)" } ?? "the machine is off")
    }

    func monitor() throws -> Monitor {
        guard let power else { throw off }
        return power.monitor
    }

    /// What QEMU takes as memory now, in bytes.
    public func memory() throws -> Int {
        guard let power else { throw off }
        let status = try String(contentsOfFile: "/proc/\(power.qemu.process)/status", encoding: .utf8)
        return (status.firstMatch(of: /VmRSS:\s+(\d+)/).flatMap { Int($0.1) } ?? 0) * 1024
    }

    private func has(_ disk: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "\(disk).qcow2").path)
    }

    /// A throwaway disk on top of one that is never written.
    private func overlay(_ name: String, on base: URL, _ format: String) async throws {
        let made = try await Child.run([
            "qemu-img", "create", "-q", "-f", "qcow2", "-b", base.path, "-F", format,
            folder.appending(path: "\(name).qcow2").path,
        ])
        guard made.status == 0 else {
            throw BenchFailure("qemu-img: \(String(decoding: made.standardError, as: UTF8.self))")
        }
    }

    private func text(of file: String) -> String {
        let data = (try? Data(contentsOf: folder.appending(path: file))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
