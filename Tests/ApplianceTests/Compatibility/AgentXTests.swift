import TestSupport
import Testing

@testable import Appliance

@Suite("AgentX, packet by packet")
struct AgentXTests {
    static let packets: [AgentXPacket] = [
        .open(timeout: 5, description: "picli"), .close(reason: 6), .register(SNMPObjects.module),
        .get([.init(start: [1, 3, 6, 1, 2, 1, 1], isIncluded: true, end: [])]),
        .getNext([.init(start: [1, 3, 6, 1, 4, 1, 8072], isIncluded: false, end: [1, 3, 6, 2])]),
        .getBulk(nonRepeaters: 1, repetitions: 10, [.init(start: [1], isIncluded: false, end: [2])]),
        .testSet([SNMPBinding(name: [1, 3, 6, 1, 4], value: .integer(-2))]), .commitSet, .undoSet, .cleanUpSet,
        .notify([
            SNMPBinding(name: [1, 3, 6, 1, 6, 3], value: .identifier([1, 3, 6, 1, 4, 1])),
            SNMPBinding(name: [0, 0], value: .string(Array("abcde".utf8))),
        ]),
        .ping,
        .response(
            error: 0, index: 0,
            [
                SNMPBinding(name: [1, 3, 6, 1, 4, 1], value: .counter64(1 << 40)),
                SNMPBinding(name: [1, 3, 6, 1, 4, 2], value: .gauge32(7)),
                SNMPBinding(name: [1, 3, 6, 1, 4, 3], value: .counter32(8)),
                SNMPBinding(name: [1, 3, 6, 1, 4, 4], value: .timeTicks(9)),
                SNMPBinding(name: [1, 3, 6, 1, 4, 5], value: .string([])),
                SNMPBinding(name: [1, 3, 6, 1, 4, 6], value: .noSuchInstance),
                SNMPBinding(name: [1, 3, 6, 1, 4, 7], value: .noSuchObject),
                SNMPBinding(name: [1, 3, 6, 1, 4, 8], value: .endOfView),
            ]),
    ].enumerated().map { AgentXPacket(session: 7, transaction: 0xFFFF_FFFF, packet: UInt32($0), body: $1) }

    @Test("what is written is read back", arguments: packets)
    func roundTrip(packet: AgentXPacket) throws {
        let bytes = AgentXWriter.bytes(packet)
        #expect(try AgentXReader.packet(bytes) == packet)
        #expect(try AgentXReader.bodyLength(of: Array(bytes.prefix(20))) == bytes.count - 20)
    }

    @Test("a packet of a processor with the other order of bytes is the same one")
    func littleEndian() throws {
        // Get of sysDescr.0, as snmpd on amd64 writes it.
        let bytes: [UInt8] = [
            1, 5, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 24, 0, 0, 0,
            4, 2, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(
            try AgentXReader.packet(bytes)
                == AgentXPacket(
                    session: 9, transaction: 1, packet: 2,
                    body: .get([.init(start: [1, 3, 6, 1, 2, 1, 1, 1, 0], isIncluded: false, end: [])])))
    }

    @Test("every packet that was cut off is refused, and so is one that has more", arguments: packets)
    func cut(packet: AgentXPacket) {
        let bytes = AgentXWriter.bytes(packet)
        for length in 0..<bytes.count {
            #expect(throws: AgentXError.self) { try AgentXReader.packet(Array(bytes.prefix(length))) }
        }
        #expect(throws: AgentXError.self) { try AgentXReader.packet(bytes + [0, 0, 0, 0]) }
    }

    @Test("a request that cannot be read is still known by its numbers, so that it is answered and the next one read")
    func unreadable() throws {
        // A set to a number with a fraction, which is no type of AgentX.
        var bytes = AgentXWriter.bytes(
            AgentXPacket(
                session: 7, transaction: 8, packet: 9,
                body: .testSet([SNMPBinding(name: SNMPObjects.relayEntry + [4, 1], value: .integer(1))])))
        bytes[21] = 120
        #expect(throws: AgentXError.self) { try AgentXReader.packet(bytes) }
        #expect(
            try AgentXReader.anyPacket(bytes)
                == AgentXPacket(session: 7, transaction: 8, packet: 9, body: .unreadable))
        // What is no packet at all leaves nothing to go on with, and neither does an answer that cannot be read.
        #expect(throws: AgentXError.self) { try AgentXReader.anyPacket(bytes + [0]) }
        var answer = AgentXWriter.bytes(AgentXPacket(session: 7, transaction: 8, packet: 9, body: .ping))
        answer[1] = 18
        #expect(throws: AgentXError.self) { try AgentXReader.anyPacket(answer) }
    }

    @Test("noise is refused or read, and no length of it is believed")
    func noise() throws {
        var random = SeededGenerator(seed: 11)
        for round in 0..<20_000 {
            var bytes = AgentXWriter.bytes(Self.packets[round % Self.packets.count])
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? AgentXReader.packet(bytes)
        }
        var huge = AgentXWriter.bytes(Self.packets[0])
        huge.replaceSubrange(16..<20, with: [0x7F, 0xFF, 0xFF, 0xFC])
        #expect(throws: AgentXError.self) { try AgentXReader.bodyLength(of: Array(huge.prefix(20))) }
    }
}
