import Site
import SwiftASN1
import X509

/// The names that a server of a site may have: those that mean something on its LAN only, and those that were granted.
///
/// Nobody else can own the first, so a certificate for them harms nobody.
struct HostNames {
    private static let suffixes = [".local", ".lan", ".home", ".localdomain", ".internal", ".home.arpa"]

    private let granted: Set<String>

    init(allowed: [String]) { granted = Set(allowed.map { IPAddress($0)?.description ?? $0.lowercased() }) }

    func grants(_ name: GeneralName) -> Bool {
        switch name {
        case .dnsName(let text):
            Self.isHostName(text)
                && (granted.contains(text) || !text.contains(".") || Self.suffixes.contains { text.hasSuffix($0) })
        case .ipAddress(let bytes):
            Self.isPrivate(Array(bytes.bytes))
                || name.host.flatMap { IPAddress($0)?.description }.map { granted.contains($0) } ?? false
        default: false
        }
    }

    /// Lower case letters, digits and hyphens in labels of up to 63 (RFC 1123, 2.1); no wildcards.
    private static func isHostName(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { $0.count <= 63 && UnitID(String(decoding: $0, as: UTF8.self)) != nil }
    }

    /// RFC 1918, RFC 4193, and what stays on one link or machine.
    private static func isPrivate(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4:
            bytes[0] == 10 || bytes[0] == 127 || (bytes[0] == 172 && bytes[1] & 0xF0 == 16)
                || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
        case 16:
            bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
                || bytes == Array(repeating: 0, count: 15) + [1]
        default: false
        }
    }
}
