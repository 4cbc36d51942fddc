import Platform

/// A failure for people.
struct FailureText {
    private let failure: Failure

    init(_ failure: Failure) { self.failure = failure }

    func text(for terminal: Terminal) -> String {
        var lines = [terminal.styled("error:", .error) + " " + failure.message]
        if let hint = failure.hint { lines.append("Try: " + hint) }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A failure for programs: the last line of standard error under `--json`.
struct FailureDocument: Encodable {
    struct Content: Encodable {
        /// Stable; what a program tells failures apart by.
        let code: String
        let message: String
        let hint: String?
        /// The exit code that comes with it.
        let status: Int32
    }

    let schema = 1
    let error: Content

    init(_ failure: Failure) {
        error = Content(
            code: failure.code, message: failure.message, hint: failure.hint, status: failure.status.rawValue)
    }
}
