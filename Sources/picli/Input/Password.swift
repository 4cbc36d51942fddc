import Glibc
import Platform

/// A password, from a file or typed twice at a terminal; never from the arguments, which every user of a machine can see.
enum Password {
    /// - Parameter file: Its first line is the password, `-` for that of standard input; nil to ask.
    /// - Throws: `Failure` `password.file`, `password.no_terminal`, `password.differs`.
    static func read(from file: String?, _ console: Console) throws -> String {
        guard let file else { return try ask(console) }
        let name = file == "-" ? "standard input" : file
        do {
            let bytes =
                file == "-" ? try InputText.standardInput(limit: limit) : try SmallFile.bytes(at: file, limit: limit)
            let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
            if let text = String(validating: line, as: UTF8.self) { return text }
        } catch {
            throw Failure(
                "password.file", "The password cannot be read from \(name): \(error.reason).",
                hint: "name a file whose first line is the password", status: .usage)
        }
        throw Failure(
            "password.file", "The first line of \(name) is not text in UTF-8.",
            hint: "write the password into it with an editor", status: .usage)
    }

    /// Bytes that are read of a file.
    private static let limit = 4096

    private static func ask(_ console: Console) throws -> String {
        guard isatty(STDIN_FILENO) == 1, console.error.isInteractive else {
            throw Failure(
                "password.no_terminal", "There is no terminal at which a password could be typed.",
                hint: "--password-file FILE, whose first line is the password", status: .usage)
        }
        let first = try hidden("Password: ", console)
        guard try hidden("Once more: ", console) == first else {
            throw Failure("password.differs", "The two are not the same; nothing was changed.", status: .usage)
        }
        return first
    }

    /// A line that the terminal does not show (termios(3)), byte by byte, so that Ctrl-C puts the terminal back.
    private static func hidden(_ question: String, _ console: Console) throws -> String {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { throw SystemError(errno, "ask the terminal") }
        var quiet = shown
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            console.prompt("\n")
        }
        console.prompt(question)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while Glibc.read(STDIN_FILENO, &byte, 1) == 1 {
            switch byte {
            case 0x0A, 0x0D:
                guard let text = String(validating: line, as: UTF8.self) else { continue }
                return text
            // Ctrl-C, Ctrl-D, Ctrl-\\.
            case 0x03, 0x04, 0x1C: throw CancellationError()
            case 0x08, 0x7F:
                while let last = line.popLast(), last & 0xC0 == 0x80 {}
            case 0x15: line = []
            default: line.append(byte)
            }
        }
        throw CancellationError()
    }
}
