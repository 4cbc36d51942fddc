import Glibc
import Platform

/// What the machine calls itself.
enum MachineName {
    /// The board, `Raspberry Pi 4 Model B Rev 1.5` from the device tree, or a PC from its firmware.
    ///
    /// nil where neither tells. Files are looked for under `root`.
    static func board(root: String = "") -> String? {
        if let model = text("\(root)/proc/device-tree/model") { return model }
        let parts = ["sys_vendor", "product_name"].compactMap { text("\(root)/sys/class/dmi/id/\($0)") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// Kernel and architecture: `Linux 6.12.0 aarch64` (uname(2)).
    static func kernel() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "Linux" }
        return [text(of: name.sysname), text(of: name.release), text(of: name.machine)].joined(separator: " ")
    }

    private static func text(_ path: String) -> String? {
        guard let text = try? SmallFile.text(at: path, limit: 256), !text.isEmpty else { return nil }
        return text
    }

    /// A C string in an array of fixed size.
    private static func text<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
