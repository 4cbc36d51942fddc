/// One frame of Modbus/TCP: the header (MBAP) and what is asked (PDU), as it came.
///
/// Modbus Messaging on TCP/IP Implementation Guide 1.0b, 3.1.3: transaction, protocol (0), length of what follows, unit.
struct ModbusFrame: Hashable, Sendable {
    /// What tells how long the frame is.
    static let headLength = 6
    /// Before the function code.
    static let headerLength = 7
    /// Unit and function code at least, and a PDU of 253 bytes at most (Modbus Application Protocol 1.1b3, 4.1).
    private static let lengths = 2...254

    /// The whole frame.
    let bytes: [UInt8]

    /// How many bytes follow the first six; nil when this is no Modbus/TCP.
    static func rest(after head: [UInt8]) -> Int? {
        guard head.count == headLength, head[2] == 0, head[3] == 0 else { return nil }
        let length = Int(head[4]) << 8 | Int(head[5])
        return lengths.contains(length) ? length : nil
    }

    /// nil when the bytes are not exactly one frame, and for a function code from 128 on, which only answers have.
    init?(_ bytes: [UInt8]) {
        guard let rest = Self.rest(after: Array(bytes.prefix(Self.headLength))),
            bytes.count == Self.headLength + rest, bytes[Self.headerLength] < 0x80
        else { return nil }
        self.bytes = bytes
    }

    /// Which of several devices behind one address is meant: here all are the same one.
    var unit: UInt8 { bytes[6] }
    var function: UInt8 { bytes[7] }
    /// Function code and what belongs to it.
    var request: ArraySlice<UInt8> { bytes[7...] }
}
