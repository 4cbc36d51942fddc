/// Reads `[DAYS] START[..END]: on|off`.
extension ScheduleEntry {
    /// The grammar as an ECMA 262 pattern, for JSON Schema; ranges of numbers are checked by the parser.
    static let pattern: String = {
        let day = "(mon|tue|wed|thu|fri|sat|sun)"
        let days = "\(day)(-\(day))?(,\(day)(-\(day))?)*"
        let dates = "\(datesPattern)(,\(datesPattern))*"
        let time = "([0-9]{1,2}:[0-9]{2}|(sunrise|sunset)([+-][0-9hm]+)?)"
        return "^\\s*((daily|holidays|\(days)|\(dates))\\s+)?\(time)(\\.\\.\(time))?\\s*:\\s*(on|off)\\s*$"
    }()

    /// A date or a range of dates.
    static let datesPattern = "([0-9]{4}-)?[0-9]{2}-[0-9]{2}(/([0-9]{4}-)?[0-9]{2}-[0-9]{2})?"

    /// A line as it stands in the site file; nil for any other text.
    public init?(_ text: String) {
        guard let entry = try? Self.parse(text).get() else { return nil }
        self = entry
    }

    static func parse(_ text: String) -> Result<ScheduleEntry, ScalarFailure> {
        do { return .success(try parseThrowing(text)) } catch { return .failure(error) }
    }

    private static func parseThrowing(_ text: String) throws(ScalarFailure) -> ScheduleEntry {
        let example =
            "write '[DAYS] START..END: on', for example 'mon-fri 07:00..19:30: on' or 'sunset-10m..sunrise: on'"
        guard let colon = text.lastIndex(of: ":") else {
            throw ScalarFailure("'\(text.excerpt)' is not a line of a schedule", hint: example)
        }
        let stateText = text[text.index(after: colon)...].trimmed
        guard let state = RelayState(rawValue: String(stateText)) else {
            throw ScalarFailure(
                "a line of a schedule ends with ': on' or ': off', not with '\(stateText)'", hint: example)
        }
        let words = text[..<colon].split(separator: " ")
        guard (1...2).contains(words.count) else {
            throw ScalarFailure("'\(text.excerpt)' is not a line of a schedule", hint: example)
        }
        let days = words.count == 2 ? try parseDays(words[0]) : .daily
        let times = words[words.count - 1].split(separator: "..", omittingEmptySubsequences: false)
        guard times.count <= 2 else { throw ScalarFailure("a span has one '..'", hint: example) }
        let start = try parseTime(times[0])
        let end = times.count == 2 ? try parseTime(times[1]) : nil
        guard start != end else {
            throw ScalarFailure(
                "the span begins and ends at \(start)", hint: "for the whole day write 00:00: \(state.rawValue)")
        }
        return ScheduleEntry(days: days, start: start, end: end, state: state)
    }

    private static func parseDays(_ text: Substring) throws(ScalarFailure) -> Days {
        if text == "daily" { return .daily }
        if text == "holidays" { return .holidays }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        if parts[0].first?.isNumber == true {
            var dates: [DateRange] = []
            for part in parts { dates.append(try parseDates(part)) }
            return .dates(dates)
        }
        var days: Set<Weekday> = []
        for part in parts {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = Weekday(siteText: ends[0]),
                let last = Weekday(siteText: ends[ends.count - 1])
            else {
                throw ScalarFailure(
                    "'\(part)' is not a day",
                    hint: "days are \(Weekday.names.joined(separator: ", ")), mon-fri, daily, holidays, or dates")
            }
            // `fri-mon` runs over the end of the week.
            let length = (last.rawValue - first.rawValue + 7) % 7
            for offset in 0...length { days.insert(Weekday.allCases[(first.rawValue - 1 + offset) % 7]) }
        }
        return .weekdays(days)
    }

    static func parseDates(_ text: Substring) throws(ScalarFailure) -> DateRange {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { throw ScalarFailure("'\(text)' is not a date or a range of dates") }
        let first = try parseDate(ends[0])
        let last = ends.count == 2 ? try parseDate(ends[1]) : first
        guard (first.year == nil) == (last.year == nil) else {
            throw ScalarFailure("'\(text)' has a year at one end only")
        }
        if let from = first.year, let to = last.year, (from, first.month, first.day) > (to, last.month, last.day) {
            throw ScalarFailure("'\(text)' ends before it begins")
        }
        return DateRange(first: first, last: last)
    }

    private static func parseDate(_ text: Substring) throws(ScalarFailure) -> CalendarDate {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let lengths = parts.map(\.count)
        let numbers = parts.compactMap { $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int($0) : nil }
        guard numbers.count == parts.count, lengths == [4, 2, 2] || lengths == [2, 2],
            let date = CalendarDate(
                year: numbers.count == 3 ? numbers[0] : nil, month: numbers[numbers.count - 2],
                day: numbers[numbers.count - 1])
        else { throw ScalarFailure("'\(text)' is not a date", hint: "write 2026-12-24, or 12-24 for every year") }
        return date
    }

    private static func parseTime(_ text: Substring) throws(ScalarFailure) -> TimeOfDay {
        for (word, make) in [("sunrise", TimeOfDay.sunrise), ("sunset", TimeOfDay.sunset)] where text.hasPrefix(word) {
            let offset = text.dropFirst(word.count)
            guard let sign = offset.first else { return make(0) }
            guard sign == "+" || sign == "-", let length = Duration(siteText: String(offset.dropFirst())),
                length <= .seconds(12 * 3600), length.components.seconds.isMultiple(of: 60),
                length.components.attoseconds == 0
            else {
                throw ScalarFailure(
                    "'\(offset)' is not an offset to \(word)", hint: "write whole minutes: \(word)-10m, \(word)+1h30m")
            }
            let minutes = Int(length.components.seconds / 60)
            return make(sign == "-" ? -minutes : minutes)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...23).contains(hour), (0...59).contains(minute)
        else { throw ScalarFailure("'\(text)' is not a time", hint: "write 07:30, sunrise, sunset-10m") }
        return .clock(minutes: hour * 60 + minute)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }
}
