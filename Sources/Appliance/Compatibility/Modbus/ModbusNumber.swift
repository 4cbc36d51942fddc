import Site

/// A number in two registers: 32-bit IEEE 754.
enum ModbusNumber {
    /// All ones, as the boxes show a sensor that is not there.
    static let missing: [UInt16] = [0xFFFF, 0xFFFF]

    /// - Parameter value: nil for one that there is none of; one that 32 bits cannot hold is none either.
    static func registers(_ value: Double?, _ order: ModbusConfiguration.WordOrder) -> [UInt16] {
        guard let number = value.map({ Float($0) }), number.isFinite else { return missing }
        let bits = number.bitPattern
        let words = [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
        return order == .abcd ? words : words.reversed()
    }

    /// nil for what is not finite.
    static func value(_ first: UInt16, _ second: UInt16, _ order: ModbusConfiguration.WordOrder) -> Double? {
        let (high, low) = order == .abcd ? (first, second) : (second, first)
        let value = Float(bitPattern: UInt32(high) << 16 | UInt32(low))
        return value.isFinite ? Double(value) : nil
    }
}
