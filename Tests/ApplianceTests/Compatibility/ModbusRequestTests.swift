import Site
import TestSupport
import Testing

@testable import Appliance

@Suite("Requests of Modbus/TCP, byte by byte")
struct ModbusRequestTests {
    private static let all: [UInt8] = [1, 2, 3, 5, 15, 16]

    @Test(
        "a good one is what it says",
        arguments: [
            ([1, 0, 0, 0, 4], .readCoils(0..<4)), ([2, 0, 4, 0, 1], .readInputs(4..<5)),
            ([3, 0, 8, 0, 125], .readRegisters(8..<133)), ([1, 0xFF, 0xFF, 0x07, 0xD0], .readCoils(65_535..<67_535)),
            ([5, 0, 1, 0xFF, 0], .writeCoils(1, [true])), ([5, 0, 1, 0, 0], .writeCoils(1, [false])),
            ([15, 0, 2, 0, 10, 2, 0b0100_0101, 0b10], .writeCoils(2, [1, 0, 1, 0, 0, 0, 1, 0, 0, 1].map { $0 == 1 })),
            ([16, 2, 0, 0, 2, 4, 0x41, 0x20, 0, 0], .writeRegisters(512, [0x4120, 0])),
        ] as [([UInt8], ModbusRequest)])
    func good(bytes: [UInt8], request: ModbusRequest) throws {
        #expect(try ModbusRequest(bytes[...], functions: Self.all) == request)
    }

    @Test(
        "a bad one is told why",
        arguments: [
            ([4, 0, 0, 0, 1], .illegalFunction), ([6, 0, 0, 0, 1], .illegalFunction), ([7], .illegalFunction),
            ([0x2B, 0x0E, 1, 0], .illegalFunction), ([0x81, 0, 0, 0, 1], .illegalFunction), ([], .illegalFunction),
            ([1], .illegalValue), ([1, 0, 0, 0], .illegalValue), ([1, 0, 0, 0, 0], .illegalValue),
            ([1, 0, 0, 0x07, 0xD1], .illegalValue), ([3, 0, 0, 0, 126], .illegalValue),
            ([3, 0, 0, 0, 1, 0], .illegalValue), ([5, 0, 0, 0xFF, 1], .illegalValue), ([5, 0, 0, 1, 0], .illegalValue),
            ([15, 0, 0, 0, 4], .illegalValue), ([15, 0, 0, 0, 4, 1], .illegalValue),
            ([15, 0, 0, 0, 9, 1, 0], .illegalValue), ([15, 0, 0, 0, 4, 2, 0], .illegalValue),
            ([15, 0, 0, 0, 0, 0], .illegalValue), ([15, 0, 0, 0x07, 0xB1, 247], .illegalValue),
            ([16, 2, 0, 0, 2, 4, 0x41, 0x20, 0], .illegalValue), ([16, 2, 0, 0, 124, 248], .illegalValue),
        ] as [([UInt8], ModbusException)])
    func bad(bytes: [UInt8], exception: ModbusException) {
        #expect(throws: exception) { try ModbusRequest(bytes[...], functions: Self.all) }
    }

    @Test("a function that the box does not have is none")
    func functions() {
        for code in [UInt8(2), 3] {
            #expect(throws: ModbusException.illegalFunction) {
                try ModbusRequest([code, 0, 0, 0, 1][...], functions: [1, 5, 15, 16])
            }
        }
    }

    @Test(
        "a frame is as long as its header says, and no other protocol",
        arguments: [
            ([0, 1, 0, 0, 0, 6], 6), ([0xFF, 0xFF, 0, 0, 0, 254], 254), ([0, 1, 0, 0, 0, 2], 2),
            ([0, 1, 0, 0, 0, 1], nil), ([0, 1, 0, 0, 0, 255], nil), ([0, 1, 0, 0, 1, 6], nil),
            ([0, 1, 0, 1, 0, 6], nil), (Array("GET / ".utf8), nil), ([], nil), ([0, 1, 0, 0, 0], nil),
        ] as [([UInt8], Int?)])
    func header(bytes: [UInt8], rest: Int?) {
        #expect(ModbusFrame.rest(after: bytes) == rest)
    }

    @Test("noise is a frame with a request, or it is not, and nothing else happens")
    func noise() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if bytes.count > 8, Bool.random(using: &random) {
                bytes.replaceSubrange(2..<6, with: [0, 0, 0, UInt8(bytes.count - 6)])
                bytes[7] = Self.all.randomElement(using: &random) ?? 1
            }
            guard let frame = ModbusFrame(bytes) else { continue }
            #expect(frame.bytes == bytes)
            if case .writeCoils(_, let values)? = try? ModbusRequest(frame.request, functions: Self.all) {
                #expect((1...1968).contains(values.count))
            }
        }
    }

    @Test(
        "numbers are those of IEEE 754, in both orders of their words",
        arguments: [
            (10, [0x4120, 0]), (-40.5, [0xC222, 0]), (27.6, [0x41DC, 0xCCCD]), (nil, [0xFFFF, 0xFFFF]),
            (.infinity, [0xFFFF, 0xFFFF]),
        ] as [(Double?, [UInt16])])
    func numbers(value: Double?, words: [UInt16]) {
        #expect(ModbusNumber.registers(1e39, .abcd) == ModbusNumber.missing, "32 bits do not hold it")
        #expect(ModbusNumber.registers(value, .abcd) == words)
        #expect(ModbusNumber.registers(value, .cdab) == words.reversed())
        let back = ModbusNumber.value(words[0], words[1], .abcd)
        #expect(back == ModbusNumber.value(words[1], words[0], .cdab))
        #expect(back.map { abs($0 - (value ?? 0)) < 0.000_01 } ?? !(value ?? .infinity).isFinite)
    }
}
