/// Writes packets, the high byte first.
struct AgentXWriter {
    private var bytes: [UInt8] = []

    static func bytes(_ packet: AgentXPacket) -> [UInt8] {
        var body = AgentXWriter()
        let type = body.write(packet.body)
        var header = AgentXWriter()
        header.bytes = [1, type, 0x10, 0]
        for word in [packet.session, packet.transaction, packet.packet, UInt32(body.bytes.count)] { header.write(word) }
        return header.bytes + body.bytes
    }

    /// - Returns: The type of the packet.
    private mutating func write(_ body: AgentXPacket.Body) -> UInt8 {
        switch body {
        case .open(let timeout, let description):
            bytes += [timeout, 0, 0, 0]
            write(OID([]))
            write(Array(description.utf8))
            return 1
        case .close(let reason):
            bytes += [reason, 0, 0, 0]
            return 2
        case .register(let tree):
            // The timeout of the session, the middle priority (RFC 2741, 6.2.3), and no range.
            bytes += [0, 127, 0, 0]
            write(tree)
            return 3
        case .get(let ranges):
            write(ranges)
            return 5
        case .getNext(let ranges):
            write(ranges)
            return 6
        case .getBulk(let nonRepeaters, let repetitions, let ranges):
            write(UInt16(truncatingIfNeeded: nonRepeaters))
            write(UInt16(truncatingIfNeeded: repetitions))
            write(ranges)
            return 7
        case .testSet(let bindings):
            write(bindings)
            return 8
        case .commitSet: return 9
        case .undoSet: return 10
        case .cleanUpSet: return 11
        case .notify(let bindings):
            write(bindings)
            return 12
        case .ping: return 13
        case .response(let error, let index, let bindings):
            // Its own time since start, which the agent does not use (RFC 2741, 7.2.5.1).
            write(UInt32(0))
            write(error)
            write(index)
            write(bindings)
            return 18
        case .other(let type): return type
        // Only ever read.
        case .unreadable: return 0
        }
    }

    // MARK: Parts

    private mutating func write(_ half: UInt16) { bytes += [UInt8(half >> 8), UInt8(truncatingIfNeeded: half)] }

    private mutating func write(_ word: UInt32) {
        write(UInt16(word >> 16))
        write(UInt16(truncatingIfNeeded: word))
    }

    private mutating func write(_ text: [UInt8]) {
        write(UInt32(text.count))
        bytes += text + [UInt8](repeating: 0, count: (4 - text.count % 4) % 4)
    }

    private mutating func write(_ name: OID, isIncluded: Bool = false) {
        let internet: [UInt32] = [1, 3, 6, 1]
        let isShort =
            name.numbers.count > 4 && name.numbers.starts(with: internet) && (1...255).contains(name.numbers[4])
        let numbers = isShort ? Array(name.numbers[5...]) : name.numbers
        bytes += [
            UInt8(truncatingIfNeeded: numbers.count), isShort ? UInt8(truncatingIfNeeded: name.numbers[4]) : 0,
            isIncluded ? 1 : 0, 0,
        ]
        for number in numbers { write(number) }
    }

    private mutating func write(_ ranges: [AgentXPacket.SearchRange]) {
        for range in ranges {
            write(range.start, isIncluded: range.isIncluded)
            write(range.end)
        }
    }

    private mutating func write(_ bindings: [SNMPBinding]) {
        for binding in bindings {
            write(binding.value.type)
            write(UInt16(0))
            write(binding.name)
            write(binding.value)
        }
    }

    private mutating func write(_ value: SNMPValue) {
        switch value {
        case .integer(let number): write(UInt32(bitPattern: number))
        case .string(let text): write(text)
        case .identifier(let name): write(name)
        case .counter32(let number), .gauge32(let number), .timeTicks(let number): write(number)
        case .counter64(let number):
            write(UInt32(number >> 32))
            write(UInt32(truncatingIfNeeded: number))
        case .other, .noSuchObject, .noSuchInstance, .endOfView: break
        }
    }
}

extension SNMPValue {
    /// As RFC 2741, 5.4 has it.
    fileprivate var type: UInt16 {
        switch self {
        case .integer: 2
        case .string: 4
        case .identifier: 6
        case .counter32: 65
        case .gauge32: 66
        case .timeTicks: 67
        case .counter64: 70
        // Only ever read.
        case .other: 5
        case .noSuchObject: 128
        case .noSuchInstance: 129
        case .endOfView: 130
        }
    }
}
