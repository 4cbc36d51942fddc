public import Platform

/// What the keys of a certificate authority are encrypted with.
///
/// Comes from a file, never from the arguments of a command, which every user of a machine can see.
public struct Passphrase: Sendable, CustomStringConvertible, CustomReflectable {
    static let leastCharacters = 12
    /// openssl(1) reads lines of a file up to this length.
    static let mostBytes = 1023

    let bytes: [UInt8]
    /// The file may be read by others than its owner.
    public let isExposed: Bool

    /// - Throws: `passphrase.unusable`.
    public init(_ text: String) throws(Failure) {
        try self.init(text, from: "The passphrase", isExposed: false)
    }

    /// The first line of a file, as `openssl -passin file:…` takes it.
    ///
    /// - Throws: `passphrase.file`, `passphrase.unusable`.
    public init(file path: String) throws(Failure) {
        let content: [UInt8]
        do throws(SystemError) {
            content = try SmallFile.bytes(at: path, limit: 65_536)
        } catch {
            throw Failure(
                "passphrase.file", "The passphrase cannot be read from \(path): \(error.reason).",
                hint: "name a file whose first line is the passphrase", status: .usage)
        }
        let line = content.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw Failure(
                "passphrase.unusable", "The first line of \(path) is not text in UTF-8.",
                hint: "write the passphrase into it with an editor", status: .usage)
        }
        let permissions = FileKind.permissions(of: path) ?? 0
        let isDevice = FileKind(of: path) != .regular
        try self.init(text, from: "The first line of \(path)", isExposed: !isDevice && permissions & 0o077 != 0)
    }

    private init(_ text: String, from source: String, isExposed: Bool) throws(Failure) {
        guard !text.isEmpty, text.utf8.count <= Self.mostBytes, text.unicodeScalars.allSatisfy(\.isPlain) else {
            throw Failure(
                "passphrase.unusable",
                "\(source) is empty, longer than \(Self.mostBytes) bytes, or has control characters in it.",
                hint: "openssl rand -base64 24 makes a good one", status: .usage)
        }
        bytes = Array(text.utf8)
        self.isExposed = isExposed
    }

    /// What new keys ask for; old ones are opened with whatever they were closed with.
    ///
    /// - Throws: `passphrase.short`.
    func requireStrength() throws(Failure) {
        let count = String(decoding: bytes, as: UTF8.self).count
        guard count >= Self.leastCharacters else {
            throw Failure(
                "passphrase.short",
                "The passphrase has \(count) characters; the keys of an authority want \(Self.leastCharacters).",
                hint: "openssl rand -base64 24 makes a good one", status: .usage)
        }
    }

    public var description: String { "passphrase" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
