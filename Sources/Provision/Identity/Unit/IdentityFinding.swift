import Platform

/// Something that is wrong, or soon will be, with the identity of a unit.
public struct IdentityFinding: Hashable, Sendable {
    public enum Severity: String, Sendable {
        case error
        /// To be done before it becomes one.
        case warning
    }

    public let severity: Severity
    /// Stable, `identity.…` or `certificate.…`.
    public let code: String
    public let message: String
    public let hint: String?
    /// How a command that cannot go on because of it exits.
    let exit: ExitStatus

    init(
        _ code: String, _ message: String, hint: String? = nil, severity: Severity = .error, exit: ExitStatus = .failed
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.hint = hint
        self.exit = exit
    }

    init(_ failure: Failure) { self.init(failure.code, failure.message, hint: failure.hint) }
}
