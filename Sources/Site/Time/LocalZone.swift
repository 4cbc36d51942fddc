/// A time zone of the system's database (`/usr/share/zoneinfo`).
///
/// Read without ICU, whose tables would cost the daemon megabytes for a handful of offsets. Form of the file: RFC 9636
/// (TZif).
public struct LocalZone: Hashable, Sendable {
    public let name: String
    private var transitions: [Int64] = []
    /// Index into `offsets` from the transition of the same index on.
    private var types: [Int] = []
    private var offsets: [ZoneRule.Offset]
    private var rule: ZoneRule?

    public static let utc = LocalZone(name: "UTC", offset: 0, abbreviation: "UTC")

    private init(name: String, offset: Int, abbreviation: String) {
        self.name = name
        offsets = [.init(seconds: offset, name: abbreviation)]
    }

    /// Always so many hours east of Greenwich.
    init(hours: Int) { self.init(name: "UTC", offset: hours * 3_600, abbreviation: "UTC") }

    /// The zone of an IANA name; nil when there is no such file, or it is damaged.
    ///
    /// `read` fetches the zone's file from the system's database.
    public static func named(_ name: String, read: (String) -> [UInt8]?) -> LocalZone? {
        name == "UTC" ? .utc : read(name).flatMap { LocalZone(name: name, bytes: $0) }
    }

    /// Offset from UTC in seconds, and the abbreviation in use then.
    public func offset(at seconds: Int64) -> ZoneRule.Offset {
        guard let last = transitions.last else { return rule?.offset(at: seconds) ?? offsets[0] }
        if seconds >= last, let rule { return rule.offset(at: seconds) }
        guard seconds >= transitions[0] else { return offsets[0] }
        var (low, high) = (0, transitions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle } else { high = middle }
        }
        return offsets[types[low]]
    }

    /// What the local clock shows.
    public func civil(milliseconds: Int64) -> CivilTime {
        let seconds = milliseconds.dividedFloored(by: 1000).quotient
        return CivilTime(seconds: seconds + Int64(offset(at: seconds).seconds))
    }

    /// Wall milliseconds of a local time.
    ///
    /// One that falls into the hour left out in spring is moved past it.
    public func milliseconds(_ civil: CivilTime) -> Int64 {
        let local = civil.seconds
        let guess = local - Int64(offset(at: local).seconds)
        return (local - Int64(offset(at: guess).seconds)) * 1000
    }

    /// The first second since 1970 at which the local clock shows this time, or one after it.
    ///
    /// A time that an hour left out in spring skips comes when that hour is over; one that comes twice in autumn counts
    /// the first time.
    public func firstSecond(_ civil: CivilTime) -> Int64 {
        let local = civil.seconds
        // The offsets around it: no zone changes twice within two days.
        let (before, after) = (Int64(offset(at: local - 86_400).seconds), Int64(offset(at: local + 86_400).seconds))
        let candidates = [local - before, local - after].sorted()
        if let first = candidates.first(where: { Int64(offset(at: $0).seconds) == local - $0 }) { return first }
        var (low, high) = (candidates[0], candidates[1])
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if middle + Int64(offset(at: middle).seconds) >= local { high = middle } else { low = middle }
        }
        return high
    }

    /// `MST`, or `UTC+5:30` where the database has only a number.
    public func abbreviation(milliseconds: Int64) -> String {
        let offset = offset(at: milliseconds.dividedFloored(by: 1000).quotient)
        guard let first = offset.name.first, first == "+" || first == "-" else { return offset.name }
        let (hours, minutes) = (abs(offset.seconds) / 3_600, abs(offset.seconds) / 60 % 60)
        return "UTC\(offset.seconds < 0 ? "\u{2212}" : "+")\(hours)"
            + (minutes == 0 ? "" : ":\(TimeOfDay.twoDigits(minutes))")
    }
}

extension LocalZone {
    /// Reads a TZif file of version 2 or later: its 64-bit table and its footer.
    public init?(name: String, bytes: [UInt8]) {
        var reader = TZifReader(bytes: bytes)
        guard let first = reader.header(), first.version >= UInt8(ascii: "2") else { return nil }
        reader.skip(first.size(timeSize: 4))
        guard let header = reader.header(), header.types > 0 else { return nil }
        self.name = name
        transitions = (0..<header.times).compactMap { _ in reader.integer(8) }
        types = (0..<header.times).compactMap { _ in reader.integer(1).map { Int($0) } }
        let kinds = (0..<header.types).compactMap { _ in
            if let offset = reader.signed32(), reader.integer(1) != nil, let index = reader.integer(1) {
                (Int(offset), Int(index))
            } else {
                nil
            }
        }
        let names = reader.take(header.characters)
        reader.skip(header.leaps * 12 + header.standards + header.universals)
        guard let names, kinds.count == header.types, transitions.count == header.times, types.count == header.times,
            types.allSatisfy({ $0 < kinds.count }), kinds.allSatisfy({ $0.1 < names.count })
        else { return nil }
        offsets = kinds.map { kind in
            let name = names[(names.startIndex + kind.1)...].prefix { $0 != 0 }
            return .init(seconds: kind.0, name: String(decoding: name, as: UTF8.self))
        }
        rule = reader.footer().flatMap { ZoneRule($0) }
    }
}

/// A cursor over the bytes of a TZif file.
private struct TZifReader {
    struct Header {
        var version: UInt8
        var universals, standards, leaps, times, types, characters: Int

        /// Bytes of the data block that follows a header.
        func size(timeSize: Int) -> Int {
            times * timeSize + times + types * 6 + characters + leaps * (timeSize + 4) + standards + universals
        }
    }

    let bytes: [UInt8]
    var position = 0

    mutating func header() -> Header? {
        guard let magic = take(4), magic.elementsEqual("TZif".utf8), let version = take(1)?.first else { return nil }
        skip(15)
        let counts = (0..<6).compactMap { _ in integer(4).map { Int($0) } }
        guard counts.count == 6, counts.allSatisfy({ $0 < 100_000 }) else { return nil }
        return Header(
            version: version, universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3],
            types: counts[4], characters: counts[5])
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard position <= bytes.count, count <= bytes.count - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func skip(_ count: Int) { position = min(bytes.count + 1, position + count) }

    /// Big-endian; signed when it fills 64 bits.
    mutating func integer(_ size: Int) -> Int64? {
        take(size)?.reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }

    mutating func signed32() -> Int32? {
        integer(4).map { Int32(truncatingIfNeeded: $0) }
    }

    func footer() -> String? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\n") else { return nil }
        return String(decoding: bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
