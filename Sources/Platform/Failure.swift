/// What went wrong, for the person at the command line: a stable code, one sentence, and what to do about it.
///
/// The code is the contract (scripts and tests match it); the sentence may be reworded at any time.
public struct Failure: Error, Hashable, Sendable {
    /// `area.what`, as in `state.inUse`; never changed once released.
    public let code: String
    /// One sentence: what failed, where, and the reason.
    public let message: String
    /// What to do, shown after `Try:`; nil when nothing sensible can be said.
    public let hint: String?
    /// How a command that ends with this failure exits.
    public let status: ExitStatus

    public init(_ code: String, _ message: String, hint: String? = nil, status: ExitStatus = .failed) {
        self.code = code
        self.message = message
        self.hint = hint
        self.status = status
    }
}

extension Failure: CustomStringConvertible {
    public var description: String { hint.map { "\(message) Try: \($0)" } ?? message }
}
