public import Foundation

/// A virtual PC that boots an image by its own boot loader, from a disk that is larger than the image.
///
/// The image itself is never written. The network ends at the machine, as that of the bench.
public actor ImageMachine {
    private let image: URL
    private let key: URL
    private let folder: URL
    private var power: (qemu: Child, shell: Shell?)?

    /// Why no image can be booted here; nil when one can.
    public static var missing: String? {
        let firmware = "/usr/share/OVMF/OVMF_CODE_4M.fd"
        guard FileManager.default.fileExists(atPath: firmware) else {
            return "booting an image needs \(firmware): apt-get install ovmf"
        }
        return nil
    }

    /// - Parameters:
    ///   - key: Of somebody whom the card lets in as `technician`.
    ///   - gigabytes: Of the disk.
    public init(image: URL, key: URL, gigabytes: Int = 4) async throws {
        self.image = image
        self.key = key
        folder = URL(fileURLWithPath: "/tmp/bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let made = try await Child.run([
            "qemu-img", "create", "-q", "-f", "qcow2", "-b", image.path, "-F", "raw",
            folder.appending(path: "disk.qcow2").path, "\(gigabytes)G",
        ])
        guard made.status == 0 else {
            throw BenchFailure("qemu-img: \(String(decoding: made.standardError, as: UTF8.self))")
        }
        try FileManager.default.copyItem(
            atPath: "/usr/share/OVMF/OVMF_VARS_4M.fd", toPath: folder.appending(path: "vars.fd").path)
    }

    /// Gives it power; it does not wait.
    public func powerOn() async throws {
        precondition(power == nil, "the machine is on")
        for file in ["qmp.sock", "ssh.sock", "serial.log"] {
            try? FileManager.default.removeItem(at: folder.appending(path: file))
        }
        let qemu = try await Child.start(
            [
                "setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi",
                "-cpu", "Nehalem", "-smp", "2", "-m", "768", "-nodefaults", "-no-user-config", "-display", "none",
                "-drive", "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd",
                "-drive", "if=pflash,format=raw,file=\(path("vars.fd"))",
                "-drive", "file=\(path("disk.qcow2")),if=none,id=disk,format=qcow2,discard=unmap",
                "-device", "virtio-blk-pci,drive=disk,bootindex=0",
                "-netdev", "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22",
                "-device", "virtio-net-pci,netdev=net,romfile=", "-device", "qemu-xhci,id=usb",
                "-object", "rng-random,filename=/dev/urandom,id=rng", "-device", "virtio-rng-pci,rng=rng",
                "-serial", "file:\(path("serial.log"))", "-qmp", "unix:\(path("qmp.sock")),server=on,wait=off",
            ], log: folder.appending(path: "qemu.log"))
        power = (qemu, nil)
    }

    /// Takes the power away, between two instructions; what the system has not flushed may be lost.
    public func cutPower() async {
        guard let power else { return }
        self.power = nil
        power.shell?.close()
        power.qemu.kill()
        _ = await power.qemu.status
    }

    /// Ends the machine, and removes its disk.
    public func end() async {
        await cutPower()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What it has said on its serial line since it has power.
    public var console: String {
        let data = (try? Data(contentsOf: folder.appending(path: "serial.log"))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// Waits for a text on the serial line.
    public func says(_ text: String, within limit: Duration) async throws {
        do {
            try await eventually("the console says '\(text)'", within: limit, poll: .milliseconds(200)) {
                console.contains(text)
            }
        } catch { throw BenchFailure("\(error)\n\(console.suffix(3000))") }
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
