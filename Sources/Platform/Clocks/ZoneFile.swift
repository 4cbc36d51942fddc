/// The system's database of time zones.
public enum ZoneFile {
    /// The file of a zone by its IANA name (RFC 9636); nil when there is none, or the name is no name.
    public static func bytes(of name: String, directory: String = "/usr/share/zoneinfo") -> [UInt8]? {
        let letters = name.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || "0123456789_+-/".utf8.contains($0)
        }
        guard letters, !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("/") else { return nil }
        return try? SmallFile.bytes(at: "\(directory)/\(name)")
    }
}
