/// A chip that is read here, by its word in the site file.
public enum ReadableChip: String, Hashable, Sendable, CaseIterable {
    case ds18b20
    case ads1115
    case aht10
    case aht20
    case bme280
    case ina219
    case ina226
    case ina260

    /// As printed on the part: `ADS1115`.
    public var partName: String { rawValue.uppercased() }
}

/// What a chip on a bus is taken for, and how sure that is.
public struct ChipIdentity: Hashable, Sendable {
    public enum Certainty: String, Hashable, Sendable, CaseIterable {
        /// It has said so itself: identity registers, or a measurement with its checksum.
        case certain
        /// Its registers look like no other known chip's.
        case likely
        /// Only the address speaks for it.
        case unknown
    }

    public let certainty: Certainty
    /// Part numbers, the likeliest first; empty when nothing is known to sit there.
    public let names: [String]
    /// nil when picli does not read it.
    public let chip: ReadableChip?
    /// What else is to be said about it.
    public let note: String?

    /// A chip that is read here.
    init(_ certainty: Certainty, _ chip: ReadableChip, note: String? = nil) {
        self.certainty = certainty
        self.chip = chip
        self.note = note
        names = [chip.partName]
    }

    /// A chip that is not.
    init(_ certainty: Certainty, named names: [String], note: String? = nil) {
        self.certainty = certainty
        self.names = names
        self.note = note
        chip = nil
    }
}
