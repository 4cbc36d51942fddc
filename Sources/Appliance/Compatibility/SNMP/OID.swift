/// An object identifier (RFC 2578, 3.5), the name of an object of SNMP: a path of numbers through the tree of all objects.
struct OID: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByArrayLiteral {
    /// At most 128 (RFC 2578, 3.5).
    var numbers: [UInt32]

    init(_ numbers: [UInt32]) { self.numbers = numbers }
    init(arrayLiteral numbers: UInt32...) { self.numbers = numbers }

    var description: String { numbers.map { ".\($0)" }.joined() }

    static func < (one: Self, other: Self) -> Bool { one.numbers.lexicographicallyPrecedes(other.numbers) }

    static func + (one: Self, numbers: [UInt32]) -> Self { Self(one.numbers + numbers) }

    func hasPrefix(_ other: Self) -> Bool { numbers.starts(with: other.numbers) }
}

/// What an object has.
enum SNMPValue: Hashable, Sendable {
    case integer(Int32)
    case string([UInt8])
    case identifier(OID)
    case counter32(UInt32)
    case gauge32(UInt32)
    case timeTicks(UInt32)
    case counter64(UInt64)
    /// A type that nothing here has, or null.
    case other(type: UInt16)
    /// There is no such kind of object, no such one of a kind, or nothing behind it (RFC 3416, 3).
    case noSuchObject
    case noSuchInstance
    case endOfView

    /// As much as PicliText has room for, in whole characters.
    static func text(_ text: String) -> SNMPValue {
        let bytes = Array(text.utf8)
        var end = min(bytes.count, 255)
        // In the middle of one: each byte but its first begins with the bits 10.
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return .string(Array(bytes[..<end]))
    }
}

/// An object and its value.
struct SNMPBinding: Hashable, Sendable {
    var name: OID
    var value: SNMPValue
}
