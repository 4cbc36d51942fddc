import Platform

/// Which computer this is, from the device tree of a Raspberry Pi or the DMI of a PC; nil what the board does not tell.
public struct BoardIdentity: Hashable, Sendable {
    /// `Raspberry Pi 4 Model B Rev 1.5`.
    public var model: String?
    /// 16 hexadecimal digits on a Raspberry Pi.
    public var serial: String?
    /// Revision code of a Raspberry Pi in hexadecimal digits, `c03115`.
    public var revision: String?
    /// True when the kernel knows a battery-backed clock; on a Pi 5 its battery may still be missing.
    public var hasRTC: Bool

    /// Reads the identity; files that are absent or unreadable give nil.
    public init(root: String = "") {
        let files = BoardFiles(root: root)
        func text(_ path: String) -> String? {
            let text = (try? files.text(path)) ?? nil
            return text.flatMap { $0.isEmpty ? nil : $0 }
        }
        model = text("/proc/device-tree/model") ?? Self.dmiModel(text)
        serial = text("/proc/device-tree/serial-number") ?? text("/sys/class/dmi/id/product_serial")
        revision = Self.revision(files)
        hasRTC = files.names(in: "/sys/class/rtc").contains { $0.hasPrefix("rtc") }
    }

    private static func dmiModel(_ text: (String) -> String?) -> String? {
        let parts = ["sys_vendor", "product_name"].compactMap { text("/sys/class/dmi/id/\($0)") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// `linux,revision`: one big-endian 32-bit cell, set by the firmware.
    private static func revision(_ files: BoardFiles) -> String? {
        let path = files.path("/proc/device-tree/system/linux,revision")
        guard let bytes = try? SmallFile.bytes(at: path, limit: 8), bytes.count == 4 else { return nil }
        return String(bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }, radix: 16)
    }
}
