import CLinux
import Glibc
import Platform

/// Where the firmware of a Raspberry Pi answers commands.
public protocol FirmwareChannel: Sendable {
    /// The answer to a command of vcgencmd; nil when this board has no such firmware. May block for a second.
    func command(_ command: String) throws(BoardFault) -> String?
}

/// The firmware's mailbox property channel, with the message that vcgencmd sends.
public struct FirmwareMailbox: FirmwareChannel {
    private let paths: [String]

    /// - Parameter paths: The first that is there is asked; newer kernels have one for such commands only.
    public init(paths: [String] = ["/dev/vcio_gencmd", "/dev/vcio"]) { self.paths = paths }

    public func command(_ command: String) throws(BoardFault) -> String? {
        for path in paths {
            let file: Descriptor
            do throws(SystemError) {
                file = try Descriptor(opening: path, O_RDWR)
            } catch {
                switch error.number {
                case ENOENT, ENXIO, ENODEV: continue
                default: throw BoardFault(.unreadable, "\(path) cannot be opened: \(error.reason)")
                }
            }
            return try Self.ask(file, command, path)
        }
        return nil
    }

    private static func ask(_ file: borrowing Descriptor, _ command: String, _ path: String) throws(BoardFault)
        -> String
    {
        var message = FirmwareMessage(command: command)
        guard linux_vcio_property(file.number, &message.words) >= 0 else {
            throw BoardFault(.unreadable, "\(path) does not answer: \(SystemError(errno, "").reason)")
        }
        return try message.answer()
    }
}

/// A property message with the tag "get gencmd result".
///
/// Words: size in bytes; request 0, answer 0x80000000; tag; size of the tag's buffer; request 0; error; text; end 0.
struct FirmwareMessage {
    private static let tag: UInt32 = 0x0003_0080
    private static let textSize = 1024
    private static let textStart = 6

    var words: [UInt32]

    init(command: String) {
        words = [UInt32](repeating: 0, count: Self.textStart + Self.textSize / 4 + 1)
        words[0] = UInt32(words.count * 4)
        words[2] = Self.tag
        words[3] = UInt32(Self.textSize)
        words.withUnsafeMutableBytes { bytes in
            // One byte less than the buffer, so that the text always ends with a NUL.
            bytes[(Self.textStart * 4)...].copyBytes(from: command.utf8.prefix(Self.textSize - 1))
        }
    }

    func answer() throws(BoardFault) -> String {
        guard words[1] == 0x8000_0000, words[5] == 0 else {
            throw BoardFault(
                .garbage, "the firmware refuses: status 0x\(String(words[1], radix: 16)), error \(words[5])")
        }
        let text = words.withUnsafeBytes { bytes in
            String(decoding: bytes[(Self.textStart * 4)...].prefix(Self.textSize).prefix { $0 != 0 }, as: UTF8.self)
        }
        return text.last == "\n" ? String(text.dropLast()) : text
    }
}

/// No firmware that could be asked: a board under another root than `/`.
public struct NoFirmware: FirmwareChannel {
    public init() {}

    public func command(_ command: String) -> String? { nil }
}
