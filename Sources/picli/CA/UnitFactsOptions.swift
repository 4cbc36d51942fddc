import ArgumentParser
import Platform
import Provision

/// What the register is to know of the machine.
struct UnitFactsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The serial number of the unit's board.", valueName: "serial"),
        transform: Self.board)
    var boardSerial: BoardSerial?

    @Option(
        help: ArgumentHelp("A MAC address of the unit; may be repeated.", valueName: "address"), transform: Self.mac)
    var mac: [String] = []

    @Option(help: ArgumentHelp("The image that the unit was flashed with.", valueName: "name"))
    var image: String?

    var isGiven: Bool { boardSerial != nil || !mac.isEmpty || image != nil }

    var facts: UnitFacts { UnitFacts(board: boardSerial, macs: mac, image: image) }

    @Sendable private static func board(_ text: String) throws -> BoardSerial {
        guard let serial = BoardSerial(text) else {
            throw TypedText.Mistake(description: "a serial number has letters, digits, hyphens, and is not zero.")
        }
        return serial
    }

    /// `b8:27:eb:01:02:03`, in lower case.
    @Sendable private static func mac(_ text: String) throws -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy { $0.isASCII && $0.isHexDigit } })
        else { throw TypedText.Mistake(description: "write b8:27:eb:01:02:03.") }
        return text.lowercased()
    }
}
