import Platform

/// Where a unit keeps the hash of the token for its first login; the login that uses the token removes the file.
enum SetupTokenFile {
    static let path = "/var/lib/picli/identity/setup-token"

    /// `sha256:…`, for the service alone.
    static func file(_ token: SetupToken, owner: FileOwner?) -> PlanFile {
        let digits = token.hash.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        return PlanFile(path, Array("sha256:\(digits)\n".utf8), mode: 0o600, owner: owner, isSecret: true)
    }
}
