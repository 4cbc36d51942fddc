/// One line of a relay's schedule: `mon-fri 07:00..19:30: on`, `sunset-10m..sunrise: on`, `2026-12-24/2026-12-26 00:00: off`.
///
/// With a span the load has the state from its start to its end and the other state from then on; with one time it
/// takes the state at that time. Entries with dates replace all entries with weekdays on the days that they name.
/// Times are local to the site (`site.timezone`).
public struct ScheduleEntry: Hashable, Sendable, CustomStringConvertible {
    /// On which days an entry starts.
    public enum Days: Hashable, Sendable {
        case weekdays(Set<Weekday>)
        case dates([DateRange])
    }

    public var days: Days
    public var start: TimeOfDay
    /// nil: the state lasts until another entry.
    ///
    /// At or before `start`: on the next day.
    public var end: TimeOfDay?
    public var state: RelayState

    public init(days: Days = .daily, start: TimeOfDay, end: TimeOfDay? = nil, state: RelayState) {
        self.days = days
        self.start = start
        self.end = end
        self.state = state
    }

    /// Whether the sun is needed to know its times.
    public var usesSun: Bool { start.usesSun || end?.usesSun == true }

    public var description: String {
        let prefix =
            switch days {
            case .weekdays(let days) where days.count == 7: ""
            case .weekdays(let days): Weekday.text(days) + " "
            case .dates(let dates): dates.map(\.description).joined(separator: ",") + " "
            }
        return "\(prefix)\(start)\(end.map { "..\($0)" } ?? ""): \(state.rawValue)"
    }
}

extension ScheduleEntry.Days {
    public static let daily = Self.weekdays(Set(Weekday.allCases))
}

/// Days of the week, ISO 8601 order.
public enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday = 1
    case tuesday
    case wednesday
    case thursday
    case friday
    case saturday
    case sunday

    static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    init?(siteText text: some StringProtocol) {
        guard let index = Self.names.firstIndex(where: { $0 == text }) else { return nil }
        self.init(rawValue: index + 1)
    }

    /// `mon-fri,sun`: runs of three and more are joined.
    static func text(_ days: Set<Weekday>) -> String {
        var runs: [ClosedRange<Int>] = []
        for day in days.map(\.rawValue).sorted() {
            if let last = runs.last, last.upperBound == day - 1 {
                runs[runs.count - 1] = last.lowerBound...day
            } else {
                runs.append(day...day)
            }
        }
        return runs.map { run in
            let names = run.map { Self.names[$0 - 1] }
            return names.count > 2 ? "\(names[0])-\(names[names.count - 1])" : names.joined(separator: ",")
        }.joined(separator: ",")
    }
}

/// A time of a day, by the clock or by the sun.
public enum TimeOfDay: Hashable, Sendable, CustomStringConvertible {
    /// Minutes after midnight, 0 to 1439.
    case clock(minutes: Int)
    /// Minutes after sunrise; negative before.
    case sunrise(offset: Int)
    case sunset(offset: Int)

    public var usesSun: Bool {
        if case .clock = self { false } else { true }
    }

    public var description: String {
        switch self {
        case .clock(let minutes): Self.twoDigits(minutes / 60) + ":" + Self.twoDigits(minutes % 60)
        case .sunrise(let offset): "sunrise" + Self.offset(offset)
        case .sunset(let offset): "sunset" + Self.offset(offset)
        }
    }

    private static func offset(_ minutes: Int) -> String {
        minutes == 0 ? "" : (minutes < 0 ? "-" : "+") + Duration.seconds(abs(minutes) * 60).siteText
    }

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A day of a year, or of every year: `2026-12-24`, `12-24`.
public struct CalendarDate: Hashable, Sendable, CustomStringConvertible {
    /// nil: every year.
    public var year: Int?
    /// 1 to 12.
    public var month: Int
    public var day: Int

    /// nil when there is no such day; 29 February exists in "every year".
    public init?(year: Int? = nil, month: Int, day: Int) {
        let isLeap = year.map { $0.isMultiple(of: 4) && (!$0.isMultiple(of: 100) || $0.isMultiple(of: 400)) } ?? true
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
        if let year, !(2000...2999).contains(year) { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    public var description: String {
        (year.map { "\($0)-" } ?? "") + TimeOfDay.twoDigits(month) + "-" + TimeOfDay.twoDigits(day)
    }
}

/// From one date to another, both included; `12-24/01-06` runs over the end of the year.
public struct DateRange: Hashable, Sendable, CustomStringConvertible {
    public var first: CalendarDate
    public var last: CalendarDate

    public init(first: CalendarDate, last: CalendarDate) {
        self.first = first
        self.last = last
    }

    public var description: String { first == last ? "\(first)" : "\(first)/\(last)" }
}
