/// The name of a unit for life: CN of its certificate, MQTT client ID, first word of its labels.
///
/// 1 to 64 characters (the bound of an X.509 common name, RFC 5280 appendix A.1), lower case letters, digits and
/// hyphens, which neither begin nor end it.
public struct UnitID: Hashable, Sendable, TextCodable {
    public let description: String

    /// nil when `text` is not a unit ID.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-"),
            bytes.allSatisfy(Self.isAllowed)
        else { return nil }
        description = text
    }

    /// A new ID: `pi-` and eight characters of Crockford's base 32, which has no i, l, o and u to misread on a label.
    ///
    /// 40 random bits: among 1,000 units two share one in 1 of 2 million fleets.
    public init(random: inout some RandomNumberGenerator) {
        let bytes = (0..<5).map { _ in UInt8.random(in: 0...255, using: &random) }
        description = "pi-" + Base32.crockford.text(of: bytes).lowercased()
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-")
    }
}
