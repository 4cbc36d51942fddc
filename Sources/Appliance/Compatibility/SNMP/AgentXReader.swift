/// Reads packets, in either order of bytes: each says its own.
struct AgentXReader {
    private enum Flag {
        static let nonDefaultContext: UInt8 = 0x08
        static let networkOrder: UInt8 = 0x10
    }

    private var bytes: ArraySlice<UInt8>
    private var isBigEndian = true

    private init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// How long the body is that follows a header.
    ///
    /// - Throws: `AgentXError` for what is no header of version 1, or too long.
    static func bodyLength(of header: [UInt8]) throws(AgentXError) -> Int {
        guard header.count == AgentXPacket.headerLength, header[0] == 1 else { throw AgentXError("no AgentX 1") }
        var reader = AgentXReader(header[16...])
        reader.isBigEndian = header[2] & Flag.networkOrder != 0
        let length = Int(try reader.word())
        guard length <= AgentXPacket.mostBody, length.isMultiple(of: 4) else {
            throw AgentXError("a length of \(length)")
        }
        return length
    }

    /// - Parameter bytes: Exactly one packet.
    static func packet(_ bytes: [UInt8]) throws(AgentXError) -> AgentXPacket {
        var (packet, reader) = try header(bytes)
        // A view of other objects than ours: there is none, so its name does not matter.
        if bytes[2] & Flag.nonDefaultContext != 0, (3...13).contains(bytes[1]) { _ = try reader.string() }
        packet.body = try reader.body(bytes[1])
        return packet
    }

    /// The same, but for a request that cannot be read, which is to be answered (RFC 2741, 7.2.2): where the next packet
    /// begins is known all the same.
    static func anyPacket(_ bytes: [UInt8]) throws(AgentXError) -> AgentXPacket {
        do throws(AgentXError) { return try packet(bytes) } catch {
            guard (5...10).contains(bytes.count > 1 ? bytes[1] : 0) else { throw error }
            return try header(bytes).packet
        }
    }

    private static func header(
        _ bytes: [UInt8]
    ) throws(AgentXError) -> (packet: AgentXPacket, reader: AgentXReader) {
        guard bytes.count >= AgentXPacket.headerLength,
            try bodyLength(of: Array(bytes[..<AgentXPacket.headerLength])) == bytes.count - AgentXPacket.headerLength
        else { throw AgentXError("not one packet") }
        var reader = AgentXReader(bytes[4...])
        reader.isBigEndian = bytes[2] & Flag.networkOrder != 0
        let (session, transaction, number) = (try reader.word(), try reader.word(), try reader.word())
        _ = try reader.word()
        let packet = AgentXPacket(session: session, transaction: transaction, packet: number, body: .unreadable)
        return (packet, reader)
    }

    private mutating func body(_ type: UInt8) throws(AgentXError) -> AgentXPacket.Body {
        switch type {
        case 1:
            let timeout = try byte()
            _ = try take(3)
            _ = try identifier()
            return .open(timeout: timeout, description: String(decoding: try string(), as: UTF8.self))
        case 2:
            let reason = try byte()
            _ = try take(3)
            return .close(reason: reason)
        case 3:
            _ = try take(4)
            return .register(try identifier().name)
        case 5: return .get(try ranges())
        case 6: return .getNext(try ranges())
        case 7:
            let (nonRepeaters, repetitions) = (Int(try half()), Int(try half()))
            return .getBulk(nonRepeaters: nonRepeaters, repetitions: repetitions, try ranges())
        case 8: return .testSet(try bindings())
        case 9: return .commitSet
        case 10: return .undoSet
        case 11: return .cleanUpSet
        case 12: return .notify(try bindings())
        case 13: return .ping
        case 18:
            _ = try word()
            let (error, index) = (try half(), try half())
            return .response(error: error, index: index, try bindings())
        default: return .other(type)
        }
    }

    // MARK: Parts

    private mutating func take(_ count: Int) throws(AgentXError) -> ArraySlice<UInt8> {
        guard bytes.count >= count else { throw AgentXError("it ends too early") }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }

    private mutating func byte() throws(AgentXError) -> UInt8 {
        let part = try take(1)
        return part[part.startIndex]
    }

    private mutating func half() throws(AgentXError) -> UInt16 { UInt16(truncatingIfNeeded: number(try take(2))) }
    private mutating func word() throws(AgentXError) -> UInt32 { UInt32(truncatingIfNeeded: number(try take(4))) }
    private mutating func long() throws(AgentXError) -> UInt64 { number(try take(8)) }

    private func number(_ part: ArraySlice<UInt8>) -> UInt64 {
        let ordered = isBigEndian ? Array(part) : part.reversed()
        return ordered.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func identifier() throws(AgentXError) -> (name: OID, isIncluded: Bool) {
        let (count, prefix, include) = (Int(try byte()), try byte(), try byte())
        _ = try byte()
        guard count <= 128 else { throw AgentXError("a name of \(count) numbers") }
        var numbers: [UInt32] = prefix == 0 ? [] : [1, 3, 6, 1, UInt32(prefix)]
        for _ in 0..<count { numbers.append(try word()) }
        return (OID(numbers), include != 0)
    }

    private mutating func string() throws(AgentXError) -> [UInt8] {
        let count = Int(try word())
        guard count <= bytes.count else { throw AgentXError("a text of \(count) bytes") }
        let text = Array(try take(count))
        _ = try take((4 - count % 4) % 4)
        return text
    }

    private mutating func ranges() throws(AgentXError) -> [AgentXPacket.SearchRange] {
        var ranges: [AgentXPacket.SearchRange] = []
        while !bytes.isEmpty {
            let start = try identifier()
            ranges.append(.init(start: start.name, isIncluded: start.isIncluded, end: try identifier().name))
        }
        return ranges
    }

    private mutating func bindings() throws(AgentXError) -> [SNMPBinding] {
        var bindings: [SNMPBinding] = []
        while !bytes.isEmpty {
            let type = try half()
            _ = try half()
            bindings.append(SNMPBinding(name: try identifier().name, value: try value(type)))
        }
        return bindings
    }

    private mutating func value(_ type: UInt16) throws(AgentXError) -> SNMPValue {
        switch type {
        case 2: return .integer(Int32(bitPattern: try word()))
        case 4: return .string(try string())
        case 6: return .identifier(try identifier().name)
        case 64, 68:
            _ = try string()
            return .other(type: type)
        case 65: return .counter32(try word())
        case 66: return .gauge32(try word())
        case 67: return .timeTicks(try word())
        case 70: return .counter64(try long())
        case 5: return .other(type: type)
        case 128: return .noSuchObject
        case 129: return .noSuchInstance
        case 130: return .endOfView
        default: throw AgentXError("a value of type \(type)")
        }
    }
}
