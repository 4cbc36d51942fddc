import Glibc
public import Platform

/// Where a unit keeps the hash of the token for its first login; the login that uses the token removes the file.
enum SetupTokenFile {
    static let path = "/var/lib/picli/identity/setup-token"

    /// `sha256:…`, for the service alone.
    static func file(_ token: SetupToken, owner: FileOwner?) -> PlanFile {
        let digits = token.hash.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        return PlanFile(path, Array("sha256:\(digits)\n".utf8), mode: 0o600, owner: owner, isSecret: true)
    }
}

/// The hash of the setup token as the running unit reads it.
public enum SetupTokenHash {
    private static let name = "setup-token"

    /// 32 bytes; nil when there is none, or none any more.
    ///
    /// - Throws: `Failure` `setup.unreadable` for a file that says something else.
    public static func read(in directory: String) throws(Failure) -> [UInt8]? {
        let path = "\(directory)/\(name)"
        guard FileKind(of: path, followsLinks: false) != nil else { return nil }
        guard let text = try? SmallFile.text(at: path, limit: 256), text.hasPrefix("sha256:"),
            let hash = String(text.dropFirst(7)).hexadecimalBytes, hash.count == 32
        else {
            throw Failure(
                "setup.unreadable", "\(path) holds no hash of a setup token.", hint: "picli provision, once more")
        }
        return hash
    }

    /// Whether the unit of a root waits for its first login.
    public static func isKept(in root: SystemRoot) -> Bool {
        (try? root.content(of: SetupTokenFile.path, limit: 256)).flatMap(\.self) != nil
    }

    /// Nobody comes in by the token any more.
    ///
    /// - Throws: `SystemError` when it cannot be removed.
    public static func remove(in directory: String) throws(SystemError) {
        let path = "\(directory)/\(name)"
        guard unlink(path) == 0 || errno == ENOENT else { throw SystemError(errno, "remove \(path)") }
        if FileKind(of: directory) == .directory { try AtomicFile.synchronize(directory: directory) }
    }
}
