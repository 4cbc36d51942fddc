import Foundation

extension ImageMachine {
    /// What is emulated.
    public enum Kind: String, Sendable {
        /// A PC with UEFI.
        case amd64
        /// QEMU's own `virt` board with the processor of a Pi 4.
        case arm64
        /// A Pi 3, as far as QEMU has it: its card, its USB and its serial line, by its own device tree. It is slow.
        case raspi3b
    }
}

extension ImageMachine.Kind {
    static let code = "/usr/share/OVMF/OVMF_CODE_4M.fd"
    static let variables = "/usr/share/OVMF/OVMF_VARS_4M.fd"

    /// By Debian's names.
    public var architecture: String { self == .amd64 ? "amd64" : "arm64" }

    /// What the kernel calls the boot partition of slot a.
    public var bootPartition: String { self == .raspi3b ? "/dev/mmcblk0p2" : "/dev/vda2" }

    /// Why no image can be booted here; nil when one can.
    public var missing: String? {
        if self == .amd64, !FileManager.default.fileExists(atPath: Self.code) {
            return "booting an image needs \(Self.code): apt-get install ovmf"
        }
        let programs: [(String, String)] =
            self == .amd64
            ? [] : [(program, "qemu-system-arm")] + (self == .raspi3b ? [("fdtput", "device-tree-compiler")] : [])
        return programs.first { !FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0.0)") }
            .map { "booting an image for a Pi needs \($0.0): apt-get install \($0.1)" }
    }

    var program: String { self == .amd64 ? "qemu-system-x86_64" : "qemu-system-aarch64" }

    /// Where drives are plugged in.
    var bus: String { self == .raspi3b ? "usb-bus.0" : "usb.0" }

    /// The device tree of the board, in the boot partition; nil where QEMU makes one.
    var deviceTree: String? { self == .raspi3b ? "bcm2837-rpi-3-b.dtb" : nil }

    /// QEMU and its options.
    ///
    /// - Parameter folder: Of the run: `disk.qcow2`, `vars.fd`, `serial.log`, `qmp.sock`.
    func command(in folder: URL, _ firmware: ImageFirmware?) -> [String] {
        func path(_ name: String) -> String { folder.appending(path: name).path }
        return [program] + board(vars: path("vars.fd")) + start(firmware) + disk(path("disk.qcow2")) + [
            "-accel", "tcg,thread=multi", "-nodefaults", "-no-user-config", "-display", "none",
            "-netdev", "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22",
            "-serial", "file:\(path("serial.log"))", "-qmp", "unix:\(path("qmp.sock")),server=on,wait=off",
        ]
    }

    private func board(vars: String) -> [String] {
        switch self {
        case .amd64:
            [
                "-machine", "q35", "-cpu", "Nehalem", "-smp", "2", "-m", "768",
                "-drive", "if=pflash,format=raw,readonly=on,file=\(Self.code)",
                "-drive", "if=pflash,format=raw,file=\(vars)",
            ]
        case .arm64: ["-machine", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", "1024"]
        case .raspi3b: ["-machine", "raspi3b"]
        }
    }

    /// What the firmware of a Pi would do.
    private func start(_ firmware: ImageFirmware?) -> [String] {
        guard let firmware else { return [] }
        // QEMU has another serial line than a Pi's header.
        let arguments = firmware.arguments + " console=ttyAMA0" + (self == .raspi3b ? " maxcpus=2" : "")
        return ["-kernel", firmware.kernel.path, "-initrd", firmware.initramfs.path, "-append", arguments]
            + (firmware.deviceTree.map { ["-dtb", $0.path] } ?? [])
    }

    private func disk(_ path: String) -> [String] {
        guard self != .raspi3b else {
            return ["-drive", "file=\(path),if=sd,format=qcow2", "-device", "usb-net,netdev=net"]
        }
        return [
            "-drive", "file=\(path),if=none,id=disk,format=qcow2,discard=unmap",
            "-device", "virtio-blk-pci,drive=disk,bootindex=0", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "qemu-xhci,id=usb", "-object", "rng-random,filename=/dev/urandom,id=rng",
            "-device", "virtio-rng-pci,rng=rng",
        ]
    }
}
