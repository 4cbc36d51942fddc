/// A program with its arguments, and the bounds within which it runs; never a shell.
public struct Command: Hashable, Sendable {
    /// Where a program is looked for that is given by its name.
    public static let searchPath = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    /// At most so much of each of its outputs is kept, unless a command says otherwise.
    public static let outputLimit = 64 * 1024

    /// An absolute path, or a name that is looked up in `searchPath`.
    public var program: String
    public var arguments: [String]
    /// What it reads from its standard input; shown nowhere, so this is the way for secrets.
    public var input: [UInt8]?
    /// Beside `PATH` and `LC_ALL`: nothing is inherited.
    public var environment: [String: String]
    public var timeout: Duration
    /// The exit statuses that are no failure.
    public var expected: Set<Int32>
    /// At most so many bytes of its standard output are kept.
    public var outputLimit: Int
    /// Whether it is ended as soon as it has said more than that, which is then no failure.
    ///
    /// A stranger's program could keep the machine busy with nothing but what it says.
    public var endsAtLimit: Bool

    public init(
        _ program: String, _ arguments: [String] = [], input: [UInt8]? = nil, environment: [String: String] = [:],
        timeout: Duration = .seconds(30), expected: Set<Int32> = [0], outputLimit: Int = Self.outputLimit,
        endsAtLimit: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.input = input
        self.environment = environment
        self.timeout = timeout
        self.expected = expected
        self.outputLimit = outputLimit
        self.endsAtLimit = endsAtLimit
    }
}

extension Command: CustomStringConvertible {
    /// The array that is executed, as JSON: `["nft", "-f", "/run/picli/nftables.conf"]`.
    public var description: String {
        let words = [program] + arguments
        return "[" + words.map { "\"\($0.escaped(quotes: true))\"" }.joined(separator: ", ") + "]"
    }
}

extension StringProtocol {
    /// The text with everything escaped that a terminal would act upon.
    func escaped(quotes: Bool = false) -> String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\" where quotes: text += "\\\\"
            case "\"" where quotes: text += "\\\""
            case "\n" where quotes: text += "\\n"
            case "\t" where quotes: text += "\\t"
            case "\t": text += "\t"
            case _ where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// What a program left behind when it ended with an expected status.
public struct CommandResult: Hashable, Sendable {
    public let status: Int32
    /// The first bytes of its standard output.
    public let output: [UInt8]
    /// The last bytes of its standard error.
    public let complaints: [UInt8]
    /// True when it said more than was kept, and then, if it was ended for that, it has no status: 0.
    public let isTruncated: Bool

    public init(status: Int32 = 0, output: [UInt8] = [], complaints: [UInt8] = [], isTruncated: Bool = false) {
        self.status = status
        self.output = output
        self.complaints = complaints
        self.isTruncated = isTruncated
    }

    /// Its output as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: output, as: UTF8.self) }
}

/// Runs programs.
public protocol CommandRunner: Sendable {
    /// - Throws: `CommandError`; `CancellationError` when the caller is cancelled, after the program has ended.
    func run(_ command: Command) async throws -> CommandResult
}

extension CommandRunner {
    /// Whether a command that only asks ends with an expected status.
    ///
    /// - Throws: Everything but a wrong exit status.
    public func agrees(_ command: Command) async throws -> Bool {
        do {
            _ = try await run(command)
            return true
        } catch let error as CommandError {
            if case .status = error.reason { return false }
            throw error
        }
    }
}
