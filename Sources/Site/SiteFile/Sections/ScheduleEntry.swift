/// One line of a relay's schedule: `mon-fri 07:00..19:30: on`, `sunset-10m..sunrise: on`, `2026-12-24/2026-12-26 00:00: off`.
///
/// With a span the load has the state from its start to its end and the other state from then on; with one time it
/// takes the state at that time. Entries with dates replace all others on the days that they name, and entries for
/// holidays (`site.holidays`) those with weekdays. Times are local to the site (`site.timezone`).
public struct ScheduleEntry: Hashable, Sendable, CustomStringConvertible {
    /// On which days an entry starts.
    public enum Days: Hashable, Sendable {
        case weekdays(Set<Weekday>)
        case dates([DateRange])
        /// The days of `site.holidays`.
        case holidays
    }

    public var days: Days
    public var start: TimeOfDay
    /// nil: the state lasts until another entry.
    ///
    /// At or before `start`: on the next day, where the sun counts as rising at 6:00 and setting at 18:00.
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

    /// Whether the span ends on the day after the one on which it starts.
    var endsNextDay: Bool { end.map { $0.nominalMinutes <= start.nominalMinutes } ?? false }

    public var description: String {
        let prefix =
            switch days {
            case .weekdays(let days) where days.count == 7: ""
            case .weekdays(let days): Weekday.text(days) + " "
            case .dates(let dates): dates.map(\.description).joined(separator: ",") + " "
            case .holidays: "holidays "
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

    /// Minutes after midnight, the sun rising at 6:00 and setting at 18:00: tells spans that end on the next day.
    var nominalMinutes: Int {
        switch self {
        case .clock(let minutes): minutes
        case .sunrise(let offset): 360 + offset
        case .sunset(let offset): 1080 + offset
        }
    }

    private static func offset(_ minutes: Int) -> String {
        minutes == 0 ? "" : (minutes < 0 ? "-" : "+") + Duration.seconds(abs(minutes) * 60).siteText
    }

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
