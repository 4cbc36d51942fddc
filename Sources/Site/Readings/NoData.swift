/// Why there is no value.
///
/// Absence always has a reason; it is never written as 0, NaN or a default.
public struct NoData: Error, Hashable, Sendable, Codable {
    /// The closed list of reasons; the raw value is what is stored and shown in JSON.
    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// The device does not answer at its address, or is not on the bus.
        case notPresent
        /// It did not answer within its deadline.
        case timeout
        /// It answered, and the checksum of the answer is wrong.
        case badChecksum
        /// It answered with a value it cannot measure, or its power-on value.
        case outOfRange
        /// The bus itself failed: stuck, short, not there, not permitted.
        case busError
        /// The site file has it switched off.
        case disabled

        /// What a person is told in place of a value.
        public var words: String {
            switch self {
            case .notPresent: "sensor not present"
            case .timeout: "no answer in time"
            case .badChecksum: "wrong checksum"
            case .outOfRange: "value out of range"
            case .busError: "the bus failed"
            case .disabled: "switched off in the site file"
            }
        }
    }

    public let reason: Reason
    /// What was seen, as a sentence for people; kept with the latest reading, not in history.
    public let detail: String?

    public init(_ reason: Reason, _ detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }
}
