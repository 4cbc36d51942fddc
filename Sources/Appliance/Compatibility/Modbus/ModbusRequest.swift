/// What a client asks for, by Modbus Application Protocol 1.1b3, section 6.
enum ModbusRequest: Hashable, Sendable {
    /// 01 Read Coils.
    case readCoils(Range<Int>)
    /// 02 Read Discrete Inputs.
    case readInputs(Range<Int>)
    /// 03 Read Holding Registers.
    case readRegisters(Range<Int>)
    /// 05 Write Single Coil and 15 Write Multiple Coils: the first address, and what each is to be.
    case writeCoils(Int, [Bool])
    /// 16 Write Multiple Registers: the first address and the values.
    case writeRegisters(Int, [UInt16])

    /// The codes that change something.
    static let writes: [UInt8] = [5, 15, 16]
    /// Those that would, and that no box has: 06 and 22 write one register, 23 several, 21 files.
    static let foreignWrites: [UInt8] = [6, 21, 22, 23]

    /// - Parameters:
    ///   - request: The function code and what belongs to it, of one frame.
    ///   - functions: The codes that the box has.
    /// - Throws: Exception 01 for another function, 03 for a number or a length that it cannot have.
    init(_ request: ArraySlice<UInt8>, functions: [UInt8]) throws(ModbusException) {
        let bytes = Array(request)
        guard let function = bytes.first, functions.contains(function) else { throw .illegalFunction }
        guard bytes.count >= 5 else { throw .illegalValue }
        let address = Self.word(bytes, 1)
        let value = Self.word(bytes, 3)
        switch function {
        case 1: self = .readCoils(try Self.range(address, value, most: 2000, bytes))
        case 2: self = .readInputs(try Self.range(address, value, most: 2000, bytes))
        case 3: self = .readRegisters(try Self.range(address, value, most: 125, bytes))
        case 5:
            guard bytes.count == 5, value == 0xFF00 || value == 0 else { throw .illegalValue }
            self = .writeCoils(address, [value != 0])
        case 15:
            let data = try Self.data(bytes, count: value, most: 1968, length: (value + 7) / 8)
            self = .writeCoils(address, (0..<value).map { Self.isSet(data, $0) })
        case 16:
            let data = try Self.data(bytes, count: value, most: 123, length: 2 * value)
            self = .writeRegisters(address, (0..<value).map { UInt16(Self.word(data, 2 * $0)) })
        default: throw .illegalFunction
        }
    }

    /// The first coil is the lowest bit of the first byte.
    private static func isSet(_ bytes: [UInt8], _ index: Int) -> Bool { bytes[index / 8] & (1 << (index % 8)) != 0 }

    private static func word(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }

    private static func range(
        _ address: Int, _ count: Int, most: Int, _ bytes: [UInt8]
    ) throws(ModbusException) -> Range<Int> {
        guard bytes.count == 5, (1...most).contains(count) else { throw .illegalValue }
        return address..<(address + count)
    }

    /// What is to be written, once its length is what the count says.
    private static func data(
        _ bytes: [UInt8], count: Int, most: Int, length: Int
    ) throws(ModbusException) -> [UInt8] {
        guard (1...most).contains(count), bytes.count == 6 + length, Int(bytes[5]) == length else {
            throw .illegalValue
        }
        return Array(bytes[6...])
    }
}

/// Why a request is not answered with what it asks for, as its client is told (section 7).
enum ModbusException: UInt8, Error, Hashable, Sendable {
    /// 01: the box does not have this function.
    case illegalFunction = 1
    /// 02: the box has no such address, or not for this function.
    case illegalAddress = 2
    /// 03: a number, a length or a value that it cannot have.
    case illegalValue = 3
    /// 04: the relays' owner refuses or is away, or the state is not known.
    case deviceFailure = 4
}

/// What a client is told.
enum ModbusAnswer: Hashable, Sendable {
    /// From the first address on.
    case bits([Bool])
    case registers([UInt16])
    /// What was to be written is.
    case written
    case exception(ModbusException)
}
