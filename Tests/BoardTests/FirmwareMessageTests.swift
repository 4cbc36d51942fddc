import Testing

@testable import Hardware

@Suite("Firmware message")
struct FirmwareMessageTests {
    private func text(_ words: ArraySlice<UInt32>) -> [UInt8] {
        words.withUnsafeBytes { Array($0.prefix { $0 != 0 }) }
    }

    @Test("a command is laid out as vcgencmd lays it out")
    func layout() {
        let message = FirmwareMessage(command: "get_throttled")
        #expect(message.words.count == 1024 / 4 + 7)
        #expect(message.words[0] == UInt32(message.words.count * 4))
        #expect(Array(message.words[1...5]) == [0, 0x0003_0080, 1024, 0, 0])
        #expect(text(message.words[6...]) == Array("get_throttled".utf8))
        #expect(message.words.last == 0)
    }

    @Test("the answer is the text in the same place, without the newline of older firmware")
    func answer() throws {
        for newline in ["", "\n"] {
            var message = FirmwareMessage(command: "throttled=0x50005\(newline)")
            message.words[1] = 0x8000_0000
            #expect(try message.answer() == "throttled=0x50005")
        }
    }

    @Test("a refusal is a fault", arguments: [(0x8000_0001, 0), (0, 0), (0x8000_0000, 1)] as [(UInt32, UInt32)])
    func refusal(status: UInt32, error: UInt32) {
        var message = FirmwareMessage(command: "x")
        message.words[1] = status
        message.words[5] = error
        #expect(throws: BoardFault.self) { try message.answer() }
    }

    @Test("a command that is too long is cut and cannot leave the message")
    func long() {
        let message = FirmwareMessage(command: String(repeating: "x", count: 5000))
        #expect(message.words.last == 0)
        #expect(text(message.words[6...]).count == 1023)
    }
}
