/// What somebody may do, each role including the ones before it.
public enum Role: String, Sendable, Codable, Comparable, CaseIterable, LosslessStringConvertible {
    /// Sees readings, history, events.
    case viewer
    /// Also switches relays and ejects drives.
    case `operator`
    /// Also changes accounts and settings.
    case admin

    public init?(_ text: String) { self.init(rawValue: text) }

    public var description: String { rawValue }

    public static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}
