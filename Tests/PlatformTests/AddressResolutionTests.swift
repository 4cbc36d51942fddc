import Testing

@testable import Platform

@Suite("Asking by ARP")
struct AddressResolutionTests {
    private static let answer: [UInt8] =
        [0, 1, 8, 0, 6, 4, 0, 2] + [0x52, 0x54, 0, 1, 2, 3] + [192, 168, 1, 1] + [UInt8](repeating: 0, count: 10)

    @Test("an answer says who has which address")
    func answers() throws {
        let answer = try #require(AddressResolution.answer(Self.answer))
        #expect(answer.address == [192, 168, 1, 1])
        #expect(answer.station == [0x52, 0x54, 0, 1, 2, 3])
        #expect(AddressResolution.answer(Self.answer + [0, 0, 0, 0])?.address == [192, 168, 1, 1])
    }

    @Test("what is no answer says nothing")
    func others() {
        var request = Self.answer
        request[7] = 1
        #expect(AddressResolution.answer(request) == nil)
        for length in 0..<28 { #expect(AddressResolution.answer(Array(Self.answer.prefix(length))) == nil) }
    }

    @Test("an interface that is not there, and a station that is none, are refused")
    func refused() {
        #expect(throws: SystemError.self) { try AddressResolution(on: "no-such-if", station: "52:54:00:01:02:03") }
        #expect(throws: SystemError.self) { try AddressResolution(on: "lo", station: "52:54") }
    }
}
