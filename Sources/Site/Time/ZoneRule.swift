/// The rule for times beyond a zone file's table: the POSIX `TZ` string of its footer (RFC 9636, 3.3),
/// `MST7MDT,M3.2.0,M11.1.0`.
public struct ZoneRule: Hashable, Sendable {
    /// What a zone's clocks show in one part of the year.
    public struct Offset: Hashable, Sendable {
        /// Seconds east of UTC.
        public var seconds: Int
        public var name: String
    }

    /// One change of the year.
    struct Change: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// `Jn`: 1 to 365, 29 February never counted.
            case julian(Int)
            /// `n`: 0 to 365.
            case ordinal(Int)
            /// `Mm.w.d`: the w-th (5 is the last) weekday d of month m.
            case weekday(month: Int, week: Int, day: Int)
        }
        var day: Day
        /// Seconds after local midnight, by the offset in force before the change; may be negative or beyond a day.
        var time: Int
    }

    var standard: Offset
    var daylight: (offset: Offset, start: Change, end: Change)? {
        daylightOffset.flatMap { offset in changes.map { (offset, $0[0], $0[1]) } }
    }
    private var daylightOffset: Offset?
    private var changes: [Change]?

    func offset(at seconds: Int64) -> Offset {
        guard let daylight else { return standard }
        let year = CivilTime(seconds: seconds + Int64(standard.seconds)).year
        let start = daylight.start.seconds(year: year) - Int64(standard.seconds)
        let end = daylight.end.seconds(year: year) - Int64(daylight.offset.seconds)
        // On the southern half the summer spans the new year.
        let isDaylight = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isDaylight ? daylight.offset : standard
    }
}

extension ZoneRule.Change {
    /// Local seconds since 1970 at which the change falls in `year`.
    fileprivate func seconds(year: Int) -> Int64 {
        let first = CivilTime.days(year: year, month: 1, day: 1)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let date =
            switch day {
            case .julian(let number): first + number - 1 + (isLeap && number >= 60 ? 1 : 0)
            case .ordinal(let number): first + number
            case .weekday(let month, let week, let day): Self.date(year: year, month: month, week: week, weekday: day)
            }
        return Int64(date) * 86_400 + Int64(time)
    }

    private static func date(year: Int, month: Int, week: Int, weekday: Int) -> Int {
        let first = CivilTime(year: year, month: month, day: 1)
        let start = CivilTime.days(year: year, month: month, day: 1)
        let next =
            month == 12
            ? CivilTime.days(year: year + 1, month: 1, day: 1) : CivilTime.days(year: year, month: month + 1, day: 1)
        var date = start + (weekday - first.weekday).flooredRemainder(by: 7) + (week - 1) * 7
        if date >= next { date -= 7 }
        return date
    }
}

extension ZoneRule {
    /// Reads a `TZ` string; nil for one that is not of the form of POSIX 8.3.
    init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        guard let name = Self.name(&rest), let west = Self.time(&rest) else { return nil }
        standard = Offset(seconds: -west, name: name)
        guard !rest.isEmpty else { return }
        guard let summer = Self.name(&rest) else { return nil }
        var east = standard.seconds + 3_600
        if rest.first != "," {
            guard let west = Self.time(&rest) else { return nil }
            east = -west
        }
        daylightOffset = Offset(seconds: east, name: summer)
        let parts = rest.dropFirst().split(separator: ",", omittingEmptySubsequences: false)
        guard rest.first == ",", parts.count == 2 else { return nil }
        let changes = parts.compactMap(Change.init)
        guard changes.count == 2 else { return nil }
        self.changes = changes
    }

    /// Three or more letters, or anything between `<` and `>`.
    private static func name(_ rest: inout Substring) -> String? {
        if rest.first == "<", let end = rest.firstIndex(of: ">") {
            defer { rest = rest[rest.index(after: end)...] }
            return String(rest[rest.index(after: rest.startIndex)..<end])
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest[name.endIndex...]
        return name.count >= 3 ? String(name) : nil
    }

    /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
    fileprivate static func time(_ rest: inout Substring) -> Int? {
        let text = rest.prefix { $0.isNumber || $0 == ":" || $0 == "+" || $0 == "-" }
        rest = rest[text.endIndex...]
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count) else { return nil }
        var seconds = 0
        for (part, weight) in zip(parts, [3_600, 60, 1]) {
            guard let part, (0...167).contains(part) else { return nil }
            seconds += part * weight
        }
        return text.first == "-" ? -seconds : seconds
    }
}

extension ZoneRule.Change {
    fileprivate init?(_ text: Substring) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard let date = parts.first else { return nil }
        time = 7_200
        if parts.count == 2 {
            var rest = parts[1]
            guard let given = ZoneRule.time(&rest), rest.isEmpty else { return nil }
            time = given
        }
        switch date.first {
        case "M":
            let numbers = date.dropFirst().split(separator: ".").compactMap { Int($0) }
            guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
                (0...6).contains(numbers[2])
            else { return nil }
            day = .weekday(month: numbers[0], week: numbers[1], day: numbers[2])
        case "J":
            guard let number = Int(date.dropFirst()), (1...365).contains(number) else { return nil }
            day = .julian(number)
        default:
            guard let number = Int(date), (0...365).contains(number) else { return nil }
            day = .ordinal(number)
        }
    }
}
