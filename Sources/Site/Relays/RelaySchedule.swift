/// The lines of a relay's schedule as a sequence of changes in time.
public struct RelaySchedule: Hashable, Sendable {
    /// The load takes a state.
    public struct Change: Hashable, Sendable {
        /// Wall milliseconds.
        public var time: Int64
        public var state: RelayState
        public var entry: ScheduleEntry
    }

    public let entries: [ScheduleEntry]
    public let zone: LocalZone
    public let sun: Sun?
    public let holidays: [DateRange]

    /// Lines that need the sun never come where it is not known.
    public init(_ entries: [ScheduleEntry], zone: LocalZone, sun: Sun? = nil, holidays: [DateRange] = []) {
        self.entries = entries
        self.zone = zone
        self.sun = sun
        self.holidays = holidays
    }

    /// The schedule of a relay of a site.
    public init(_ relay: RelayConfiguration, of site: SiteDescription, zone: LocalZone) {
        var sun: Sun?
        if let latitude = site.latitude, let longitude = site.longitude {
            sun = Sun(latitude: latitude, longitude: longitude)
        }
        self.init(relay.schedule, zone: zone, sun: sun, holidays: site.holidays)
    }

    /// The last change until this moment, looked for over fourteen months: some lines come once a year.
    public func last(until wall: Int64) -> Change? {
        guard !entries.isEmpty else { return nil }
        var high = day(of: wall) + 1
        for _ in 0..<70 {
            let floor = midnight(high - Self.stride)
            if let change = changes(of: high - Self.stride - Self.reach...high).last(where: { $0.time <= wall }),
                change.time >= floor
            {
                return change
            }
            high -= Self.stride
        }
        return nil
    }

    /// The first change after this moment.
    public func next(after wall: Int64) -> Change? {
        guard !entries.isEmpty else { return nil }
        var low = day(of: wall) - 1
        for _ in 0..<70 {
            let ceiling = midnight(low + Self.stride)
            let changes = changes(of: low - Self.reach...low + Self.stride)
            if let first = changes.first(where: { $0.time > wall }), first.time < ceiling {
                return changes.last { $0.time == first.time }
            }
            low += Self.stride
        }
        return nil
    }

    /// Days that are looked at together, and how many days later a line may still have something to say: an end on the
    /// next day, twelve hours after a late sunset.
    private static let stride = 6
    private static let reach = 3

    private func day(of wall: Int64) -> Int { zone.civil(milliseconds: wall).dayNumber }

    private func midnight(_ day: Int) -> Int64 { zone.firstSecond(CivilTime(dayNumber: day)) * 1000 }
}

extension RelaySchedule {
    /// A line on one of its days.
    private struct Span {
        var start: Int64
        var end: Int64?
        var index: Int
    }

    /// What the lines of these days bring, in order of time.
    ///
    /// Days are counted from 1970-01-01. Of what falls on one moment, ends come first, then starts in the order of the
    /// site file: the last one counts. The end of a span is none while another one of the same state goes on.
    func changes(of days: ClosedRange<Int>) -> [Change] {
        let spans = days.flatMap { day in indices(on: day).compactMap { span(of: $0, on: day) } }
        var points: [(time: Int64, rank: Int, change: Change)] = []
        for span in spans {
            let entry = entries[span.index]
            points.append((span.start, span.index, Change(time: span.start, state: entry.state, entry: entry)))
            guard let end = span.end else { continue }
            let isCovered = spans.contains { other in
                guard let otherEnd = other.end, entries[other.index].state == entry.state else { return false }
                return other.start < end && end < otherEnd
            }
            if !isCovered {
                points.append((end, -1, Change(time: end, state: entry.state.other, entry: entry)))
            }
        }
        return points.sorted { ($0.time, $0.rank) < ($1.time, $1.rank) }.map(\.change)
    }

    /// The lines that hold on a day: those with its date, else those for holidays, else those with its weekday.
    private func indices(on day: Int) -> [Int] {
        let date = CivilTime(dayNumber: day)
        func contains(_ ranges: [DateRange]) -> Bool {
            ranges.contains { $0.contains(year: date.year, month: date.month, day: date.day) }
        }
        let dated = entries.indices.filter {
            if case .dates(let ranges) = entries[$0].days { contains(ranges) } else { false }
        }
        if !dated.isEmpty { return dated }
        let festive = entries.indices.filter { entries[$0].days == .holidays }
        if !festive.isEmpty, contains(holidays) { return festive }
        return entries.indices.filter { index in
            if case .weekdays(let days) = entries[index].days { days.contains(date.isoWeekday) } else { false }
        }
    }

    /// Nil for a line without its sun, and for a span that on this day ends before it begins.
    private func span(of index: Int, on day: Int) -> Span? {
        let entry = entries[index]
        guard let start = moment(entry.start, on: day) else { return nil }
        guard let last = entry.end else { return Span(start: start, end: nil, index: index) }
        guard let end = moment(last, on: entry.endsNextDay ? day + 1 : day), end > start else { return nil }
        return Span(start: start, end: end, index: index)
    }

    private func moment(_ time: TimeOfDay, on day: Int) -> Int64? {
        switch time {
        case .clock(let minutes):
            return zone.firstSecond(CivilTime(dayNumber: day, minutes: minutes)) * 1000
        case .sunrise(let offset):
            return sunDay(day).map { ($0.sunrise + Int64(offset) * 60) * 1000 }
        case .sunset(let offset):
            return sunDay(day).map { ($0.sunset + Int64(offset) * 60) * 1000 }
        }
    }

    private func sunDay(_ day: Int) -> Sun.Day? {
        sun?.day(around: zone.firstSecond(CivilTime(dayNumber: day, minutes: 720)))
    }
}

extension RelayState {
    /// The other one of the two.
    public var other: RelayState { self == .on ? .off : .on }
}

extension CivilTime {
    /// A day counted from 1970-01-01, so many minutes after its midnight.
    init(dayNumber: Int, minutes: Int = 0) {
        self.init(seconds: Int64(dayNumber) * 86_400 + Int64(minutes) * 60)
    }

    var dayNumber: Int { Int(seconds).flooredDivision(by: 86_400) }

    var isoWeekday: Weekday { Weekday.allCases[(weekday + 6) % 7] }
}
