import Platform
public import Site

/// The serial number that a board was made with: up to 64 letters, digits, `-`, `_`, `.`, in lower case.
public struct BoardSerial: Hashable, Sendable, TextCodable {
    public let description: String

    /// nil for what is no serial number; also for one of zeros, which boards without one say.
    public init?(_ text: String) {
        let text = text.lowercased()
        let isPlain = text.utf8.allSatisfy {
            $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x7A || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
        guard (1...64).contains(text.utf8.count), isPlain, text.contains(where: { $0 != "0" }) else { return nil }
        description = text
    }

    /// That of the board which runs this; nil where nothing tells it: a virtual machine, a mounted card.
    ///
    /// - Parameter root: Where `/proc` is looked for.
    public static func ofBoard(root: String = "") -> BoardSerial? {
        if let text = try? SmallFile.text(at: "\(root)/proc/device-tree/serial-number", limit: 128),
            let serial = BoardSerial(text)
        {
            return serial
        }
        guard let text = try? SmallFile.text(at: "\(root)/proc/cpuinfo", limit: 65_536) else { return nil }
        return serial(inCPUInfo: text)
    }

    /// `Serial          : 10000000a1b2c3d4`, after the processors.
    static func serial(inCPUInfo text: String) -> BoardSerial? {
        let line = text.split(separator: "\n").last { $0.hasPrefix("Serial") }
        let value = line?.split(separator: ":", maxSplits: 1).last
        return value.flatMap { BoardSerial(String($0.filter { !$0.isWhitespace })) }
    }
}
