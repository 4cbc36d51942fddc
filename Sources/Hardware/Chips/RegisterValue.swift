/// A register of a chip as it was read, and what it means.
public struct RegisterValue: Hashable, Sendable {
    /// As in the datasheet.
    public let name: String
    /// nil where the chip has no addresses: an answer, a scratchpad.
    public let address: UInt8?
    /// As sent.
    public let bytes: [UInt8]
    public let meaning: String

    init(_ name: String, _ address: UInt8?, _ bytes: [UInt8], _ meaning: String) {
        self.name = name
        self.address = address
        self.bytes = bytes
        self.meaning = meaning
    }

    init(_ name: String, _ address: UInt8, word: UInt16, _ meaning: String) {
        self.init(name, address, [UInt8(word >> 8), UInt8(word & 0xFF)], meaning)
    }

    /// `0x8583`.
    public var hexText: String { "0x" + bytes.map { hex($0).dropFirst(2) }.joined() }
}

/// A value with so many decimals, for the meaning of a register.
func decimal(_ value: Double, _ decimals: Int, _ unit: String) -> String {
    let scale = (0..<decimals).reduce(1) { result, _ in result * 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(scaled) \(unit)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction) \(unit)"
}
