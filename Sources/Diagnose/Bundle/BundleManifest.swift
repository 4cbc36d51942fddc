import Crypto
import Foundation
import Site

/// What is in a bundle: every file with its size, its hash, and how much was taken out of it.
public struct BundleManifest: Hashable, Sendable, Codable {
    public struct File: Hashable, Sendable, Codable {
        public var name: String
        public var size: Int
        public var sha256: String
        /// Values that were replaced.
        public var redacted: Redactor.Counts
    }

    /// A source that gave nothing, and why.
    public struct Omission: Hashable, Sendable, Codable {
        public var name: String
        public var reason: String
    }

    public static let fileName = "manifest.json"

    public var schema = 1
    public var unit: String?
    public var time: String
    public var version: String
    public var files: [File]
    public var omitted: [Omission]

    /// To be read over the phone: eight characters of the hash of all files.
    public var code: String {
        let digest = SHA256.hash(data: Data(files.map { "\($0.name) \($0.sha256)\n" }.joined().utf8))
        let text = Base32.crockford.text(of: Array(digest.prefix(5)))
        return "\(text.prefix(4))-\(text.dropFirst(4))"
    }

    static func hash(_ content: [UInt8]) -> String {
        SHA256.hash(data: Data(content)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [0x0A]
    }
}
