/// Whether a unit works: what the site file expects against what is there.
public struct SelfTest: Hashable, Sendable, Encodable {
    public enum Outcome: String, Hashable, Sendable, Encodable {
        case passed
        case failed
        /// It could not be tried here and now; the sentence says why.
        case skipped
    }

    /// One thing that was looked at.
    public struct Check: Hashable, Sendable, Encodable {
        /// Stable: `identity`, `boot`, `clock`, `sensor.enclosure`, `drive`, `router`, `camera.front`, `broker`; `sensors` and
        /// `unit` for what is tested later.
        public let id: String
        public let outcome: Outcome
        /// One sentence.
        public let message: String
        /// What to do about it.
        public let hint: String?

        public init(_ id: String, _ outcome: Outcome, _ message: String, hint: String? = nil) {
            self.id = id
            self.outcome = outcome
            self.message = message
            self.hint = hint
        }
    }

    public let checks: [Check]

    public init(_ checks: [Check]) { self.checks = checks }

    public var failed: [Check] { checks.filter { $0.outcome == .failed } }

    /// For the record and the register: `passed`, `passed, 3 not tried`, `failed: router, sensor.enclosure`.
    public var verdict: String {
        guard failed.isEmpty else { return "failed: " + failed.map(\.id).joined(separator: ", ") }
        let skipped = checks.count { $0.outcome == .skipped }
        return skipped == 0 ? "passed" : "passed, \(skipped) not tried"
    }
}
