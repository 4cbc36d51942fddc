import Site

/// The summary of one series over one stretch of wall time.
struct Bucket: Hashable, Sendable {
    /// How many values are in it; `min`, `max` and `sum` mean something only when it is above 0.
    var count = 0
    var min = 0.0
    var max = 0.0
    var sum = 0.0
    /// Why there was no value, where rows without one fell into the stretch: the last reason.
    var reason: NoData.Reason?

    var mean: Double { sum / Double(count) }
    var isEmpty: Bool { count == 0 && reason == nil }

    mutating func add(_ value: Double) {
        min = count == 0 ? value : Swift.min(min, value)
        max = count == 0 ? value : Swift.max(max, value)
        sum += value
        count += 1
    }

    mutating func add(_ other: Bucket) {
        if let reason = other.reason { self.reason = reason }
        guard other.count > 0 else { return }
        min = count == 0 ? other.min : Swift.min(min, other.min)
        max = count == 0 ? other.max : Swift.max(max, other.max)
        sum += other.sum
        count += other.count
    }
}

/// The resolutions that are stored.
enum Tier: Int, Sendable, CaseIterable {
    case minute = 60
    case quarter = 900
    case hour = 3_600

    var milliseconds: Int64 { Int64(rawValue) * 1_000 }
}

/// Wall time cut into hours and days of UTC, numbered from 1970; also before it.
enum Calendar {
    static let hour: Int64 = 3_600_000
    static let hoursPerDay: Int64 = 24

    static func hour(of wall: Int64) -> Int64 { floorDivide(wall, hour) }
    static func day(ofHour hour: Int64) -> Int64 { floorDivide(hour, hoursPerDay) }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    static func floor(_ value: Int64, to step: Int64) -> Int64 { floorDivide(value, step) &* step }
}
