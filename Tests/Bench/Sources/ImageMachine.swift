public import Foundation

/// A virtual machine that boots an image, from a disk that is larger than the image.
///
/// A PC (`amd64`) starts the image's own boot loader. No emulator has a Pi's firmware, so that elsewhere its part is played
/// by `ImageFirmware`. The image itself is never written. The network ends at the machine, as that of the bench.
public actor ImageMachine {
    private let key: URL
    private let folder: URL
    private let kind: Kind
    /// nil where the image brings a boot loader of its own.
    private let firmware: ImageFirmware?
    private var power: Power?
    /// What it said, and was asked, before it had power the last time.
    private var transcript: Transcript
    /// How long the test had, when that was not enough.
    private var expired: Duration?

    /// From one switch to the next.
    private struct Power {
        let qemu: Child
        var shell: Shell?
        let began = ContinuousClock.now
        var moments: [Transcript.Moment] = []
        var answers: [(command: String, output: String)] = []
    }

    /// A machine without power, for the time of `body`.
    ///
    /// - Parameters:
    ///   - key: Of somebody whom the card lets in as `technician`.
    ///   - limit: Then the power goes, and whatever `body` waits for fails.
    public static func with<Result>(
        _ image: URL, _ kind: Kind, key: URL, limit: Duration, _ body: (ImageMachine) async throws -> Result
    ) async throws -> Result {
        await MachineSlots.all.take(limit: limit)
        defer { MachineSlots.all.release() }
        // Short: the path of a Unix socket has at most 107 bytes.
        let folder = URL(fileURLWithPath: "/tmp/bench-\(UUID().uuidString.prefix(8))")
        let machine = try await made(image, kind, key: key, in: folder)
        let timer = Task {
            try await Task.sleep(for: limit)
            await machine.expire(limit)
        }
        defer { timer.cancel() }
        do {
            let result = try await body(machine)
            try await machine.end()
            return result
        } catch {
            let reason = await machine.explain(error)
            try? await machine.end()
            throw reason
        }
    }

    private init(_ kind: Kind, key: URL, folder: URL, firmware: ImageFirmware?, title: String) {
        self.key = key
        self.folder = folder
        self.kind = kind
        self.firmware = firmware
        transcript = Transcript(title)
    }

    /// With its disk in a folder, which is gone again when that fails.
    private static func made(_ image: URL, _ kind: Kind, key: URL, in folder: URL) async throws -> ImageMachine {
        do {
            let firmware = try await prepare(image, kind, in: folder)
            let title = try await said(of: image, kind)
            return ImageMachine(kind, key: key, folder: folder, firmware: firmware, title: title)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// What is booted, and by what.
    private static func said(of image: URL, _ kind: Kind) async throws -> String {
        let answer = try await Child.run([kind.program, "--version"]).standardOutput
        let version = String(decoding: answer, as: UTF8.self).split(separator: "\n").first ?? "QEMU"
        let sum = try String(contentsOfFile: image.path + ".sha256", encoding: .utf8).prefix { $0 != " " }
        return
            "\(image.lastPathComponent), SHA-256 \(sum)\n\(version), \(kind.program), \(kind.rawValue), emulated processor"
    }

    /// A disk that is larger than the image, and what the machine starts from.
    private static func prepare(_ image: URL, _ kind: Kind, in folder: URL) async throws -> ImageFirmware? {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try await run([
            "qemu-img", "create", "-q", "-f", "qcow2", "-b", image.path, "-F", "raw",
            folder.appending(path: "disk.qcow2").path, "4G",
        ])
        guard kind == .amd64 else {
            return try await ImageFirmware(of: image, in: folder, deviceTree: kind.deviceTree)
        }
        try FileManager.default.copyItem(
            atPath: Kind.variables, toPath: folder.appending(path: "vars.fd").path)
        return nil
    }

    static func run(_ command: [String]) async throws {
        let made = try await Child.run(command)
        guard made.status == 0 else {
            throw BenchFailure("\(command): \(String(decoding: made.standardError, as: UTF8.self))")
        }
    }

    // MARK: Power

    /// Gives it power; it does not wait.
    public func powerOn() async throws {
        precondition(power == nil, "the machine is on")
        for file in ["qmp.sock", "ssh.sock", "serial.log"] {
            try? FileManager.default.removeItem(at: folder.appending(path: file))
        }
        let arguments = ["setpriv", "--pdeathsig", "KILL"] + kind.command(in: folder, firmware)
        power = Power(qemu: try await Child.start(arguments, log: folder.appending(path: "qemu.log")))
    }

    /// Takes the power away, between two instructions; what the system has not flushed may be lost.
    public func cutPower() async {
        guard let power else { return }
        self.power = nil
        power.shell?.close()
        power.qemu.kill()
        _ = await power.qemu.status
        transcript.add(
            text(of: "serial.log"), moments: power.moments, answers: power.answers, end: "the power is cut")
    }

    /// Has the system start anew, and waits until it lets people in.
    public func reboot(within limit: Duration) async throws {
        let before = console.ranges(of: " login:").count
        // The connection may end before its answer comes.
        _ = try? await run("systemctl --no-block reboot")
        power?.shell?.close()
        power?.shell = nil
        try? FileManager.default.removeItem(at: folder.appending(path: "ssh.sock"))
        try await eventually("the machine is back", within: limit, poll: .milliseconds(500)) {
            console.ranges(of: " login:").count > before
        }
        noteMoment("it is back")
    }

    private func noteMoment(_ what: String) {
        guard let began = power?.began else { return }
        power?.moments.append(.init(what, after: ContinuousClock.now - began))
    }

    private func expire(_ limit: Duration) async {
        expired = limit
        await cutPower()
    }

    /// Ends the machine, and removes its disk; what it has said is kept where `PICLI_BENCH_TRANSCRIPT` says.
    private func end() async throws {
        await cutPower()
        try? FileManager.default.removeItem(at: folder)
        guard let place = ProcessInfo.processInfo.environment["PICLI_BENCH_TRANSCRIPT"] else { return }
        try Data(transcript.text.utf8).write(to: URL(fileURLWithPath: place))
    }

    private func explain(_ error: any Error) -> BenchFailure {
        let time = expired.map { "It took longer than \($0). " } ?? ""
        let said = transcript.text + Transcript.plain(console)
        return BenchFailure("\(time)\(error)\n\(text(of: "qemu.log"))\n\(said.suffix(4000))")
    }

    // MARK: What it says

    /// What it has said on its serial line since it has power.
    public var console: String { power == nil ? "" : text(of: "serial.log") }

    /// Waits for a text on the serial line.
    public func says(_ text: String, within limit: Duration) async throws {
        try await eventually("the console says '\(text)'", within: limit, poll: .milliseconds(200)) {
            guard power != nil else { throw BenchFailure("the machine is off") }
            return console.contains(text)
        }
        noteMoment("it says '\(text)'")
    }

    private func text(of file: String) -> String {
        String(decoding: (try? Data(contentsOf: folder.appending(path: file))) ?? Data(), as: UTF8.self)
    }

    // MARK: What it is told

    /// Plugs in a drive; the image is written to in place.
    public func plug(_ image: URL) async throws {
        let monitor = try await Monitor(socket: path("qmp.sock"))
        let file = ["driver": "file", "filename": image.path]
        try await monitor.execute("blockdev-add", ["driver": "raw", "node-name": "medium", "file": file])
        try await monitor.execute(
            "device_add",
            ["driver": "usb-storage", "id": "stick", "drive": "medium", "bus": kind.bus, "removable": true])
    }

    /// Runs a shell command as root, by way of `technician`, which must succeed; its output without the last line end.
    @discardableResult
    public func run(_ command: String, within limit: Duration = .seconds(120)) async throws -> String {
        let output = try await shell(within: limit).run("sudo sh -c '\(command)'", input: Data())
        let text = String(decoding: output.standardOutput, as: UTF8.self)
        guard output.status == 0 else {
            let error = String(decoding: output.standardError, as: UTF8.self)
            throw BenchFailure("in the machine, exit \(output.status): \(command)\n\(error)\(text)")
        }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// The same, with its output in the transcript.
    @discardableResult
    public func show(_ command: String, within limit: Duration = .seconds(120)) async throws -> String {
        let output = try await run(command, within: limit)
        power?.answers.append((command, output))
        return output
    }

    private func shell(within limit: Duration) async throws -> Shell {
        guard let power else { throw BenchFailure("the machine is off") }
        if let shell = power.shell { return shell }
        let monitor = try await Monitor(socket: path("qmp.sock"))
        let network = try await monitor.human("info usernet")
        guard let port = network.firstMatch(of: /127\.0\.0\.1\s+(\d+)/).flatMap({ Int($0.1) }) else {
            throw BenchFailure("QEMU does not say its ssh port: \(network)")
        }
        let end = ContinuousClock.now + limit
        while true {
            do {
                let shell = try await Shell(port: port, key: key, run: folder, user: "technician")
                self.power?.shell = shell
                return shell
            } catch  where ContinuousClock.now < end { try await Task.sleep(for: .seconds(1)) }
        }
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }
}
