/// Something that was looked for: known, or why it is not.
public enum Fact<Value: Sendable>: Sendable {
    case known(Value)
    /// It was not looked at, with the reason.
    case skipped(String)
    /// It was looked for in vain, with the reason.
    case unknown(String)

    public var value: Value? { if case .known(let value) = self { value } else { nil } }
}

/// A probe that has nothing to look at here.
struct NotHere: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
