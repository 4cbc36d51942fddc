import Site

/// Where a time axis is marked: at round local times, bolder where a day, month or year begins.
enum TimeTicks {
    struct Tick: Hashable, Sendable {
        /// Wall milliseconds.
        var time: Int64
        var label: String
        var isMajor: Bool
    }

    /// At most about `count` ticks in `from..<to`.
    static func ticks(from: Int64, to: Int64, count: Int, clock: LocalTime) -> [Tick] {
        let span = max(1, to - from)
        if let seconds = steps.first(where: { span / Int64($0) / 1000 <= Int64(max(2, count)) }) {
            return seconds < 86_400
                ? within(from: from, to: to, step: seconds, clock: clock)
                : days(from: from, to: to, step: seconds / 86_400, clock: clock)
        }
        let months =
            [1, 2, 3, 6, 12, 24, 60].first { span / (Int64($0) * 2_629_746_000) <= Int64(max(2, count)) } ?? 120
        return self.months(from: from, to: to, step: months, clock: clock)
    }

    private static let steps = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800,
    ]

    /// Steps shorter than a day, counted from local midnight of each day, so that they stay round over a clock change.
    private static func within(from: Int64, to: Int64, step: Int, clock: LocalTime) -> [Tick] {
        midnights(from: from, to: to, clock: clock).flatMap { midnight, civil in
            stride(from: 0, to: 86_400, by: step).compactMap { second -> Tick? in
                var local = civil
                (local.hour, local.minute, local.second) = (second / 3_600, second / 60 % 60, second % 60)
                let time = clock.zone.milliseconds(local)
                guard time >= from, time < to else { return nil }
                if second == 0 { return Tick(time: midnight, label: clock.day(midnight), isMajor: true) }
                return Tick(time: time, label: step < 60 ? clock.second(time) : clock.minute(time), isMajor: false)
            }
        }
    }

    private static func days(from: Int64, to: Int64, step: Int, clock: LocalTime) -> [Tick] {
        midnights(from: from, to: to, clock: clock).compactMap { midnight, civil in
            let number = CivilTime.days(year: civil.year, month: civil.month, day: civil.day)
            // Weeks begin on Monday; 1970-01-05 was one.
            guard (number - 4).flooredRemainder(by: step) == 0, midnight >= from else { return nil }
            return Tick(time: midnight, label: clock.day(midnight), isMajor: civil.day == 1)
        }
    }

    private static func months(from: Int64, to: Int64, step: Int, clock: LocalTime) -> [Tick] {
        let first = clock.zone.civil(milliseconds: from)
        let start = (first.year * 12 + first.month - 1) / step * step
        var ticks: [Tick] = []
        for month in stride(from: start, through: start + 12 * 200, by: step) {
            let civil = CivilTime(year: month / 12, month: month % 12 + 1, day: 1)
            let time = clock.zone.milliseconds(civil)
            guard time < to else { break }
            guard time >= from else { continue }
            let isYear = civil.month == 1
            ticks.append(
                Tick(
                    time: time, label: isYear ? String(civil.year) : LocalTime.months[civil.month - 1], isMajor: isYear)
            )
        }
        return ticks
    }

    /// Local midnights from the one at or before `from`.
    private static func midnights(from: Int64, to: Int64, clock: LocalTime) -> [(Int64, CivilTime)] {
        let first = clock.zone.civil(milliseconds: from)
        let number = CivilTime.days(year: first.year, month: first.month, day: first.day)
        let count = Int((to - from) / 86_400_000) + 2
        return (number..<number + count).compactMap { day in
            let civil = CivilTime(seconds: Int64(day) * 86_400)
            let time = clock.zone.milliseconds(civil)
            return time < to ? (time, civil) : nil
        }
    }
}
