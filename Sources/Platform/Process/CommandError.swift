/// A program that could not be run, or did not end as expected.
public struct CommandError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// There is no such program.
        case notFound
        /// The kernel's reason.
        case unstartable(String)
        case timeout(Duration)
        case status(Int32)
        case signal(Int32)
    }

    public let program: String
    public let reason: Reason
    /// The end of its standard error.
    public let lastLines: [String]

    public init(program: String, reason: Reason, lastLines: [String] = []) {
        self.program = program
        self.reason = reason
        self.lastLines = lastLines
    }

    init(_ command: Command, _ reason: Reason, complaints: [UInt8] = []) {
        let lines = String(decoding: complaints, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.escaped() }.filter { $0.contains { !$0.isWhitespace } }
        self.init(program: command.program, reason: reason, lastLines: Array(lines.suffix(5)))
    }
}

extension CommandError: CustomStringConvertible {
    /// Without a full stop: `nft ended with status 1: syntax error`.
    public var description: String {
        let what =
            switch reason {
            case .notFound: "\(program) is not installed"
            case .unstartable(let reason): "\(program) cannot be run: \(reason)"
            case .timeout(let limit): "\(program) did not end within \(limit.components.seconds) s"
            case .status(let status): "\(program) ended with status \(status)"
            case .signal(let number): "\(program) was ended by signal \(number)"
            }
        return lastLines.isEmpty ? what : "\(what): \(lastLines.joined(separator: " / "))"
    }
}
