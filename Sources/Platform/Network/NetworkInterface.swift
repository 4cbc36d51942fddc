/// What the kernel tells of a network interface of this machine.
public enum NetworkInterface {
    /// Its hardware address, `00:0C:C8:05:AA:89`; nil where there is no such interface, or it has none.
    ///
    /// Reads `address` of `/sys/class/net/NAME` (sysfs-class-net of the kernel's documentation).
    public static func address(of interface: String, below root: String = "/sys/class/net") -> String? {
        guard !interface.contains("/"), let bytes = try? SmallFile.bytes(at: "\(root)/\(interface)/address", limit: 64)
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).uppercased().prefix { $0.isHexDigit || $0 == ":" }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts.allSatisfy({ $0.count == 2 }), !parts.allSatisfy({ $0 == "00" }) else {
            return nil
        }
        return String(text)
    }
}
