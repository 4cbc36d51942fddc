/// Why a bus or a chip gave no value.
///
/// The kinds are those reasons of absence that hardware can have, one to one.
public struct HardwareError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nothing answers at the address.
        case notPresent
        /// No answer in time.
        case timeout
        /// An answer with a wrong checksum.
        case badChecksum
        /// A value that the device cannot measure, or its power-on value.
        case outOfRange
        /// The bus itself: stuck, short, not there, not permitted, another chip than expected.
        case busError
    }

    public let kind: Kind
    /// One sentence for the person who stands in front of it: what was seen, and what to do.
    public let sentence: String

    public init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }

    public var description: String { sentence }
}
