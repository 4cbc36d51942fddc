extension ScheduleEntry {
    /// How sure it is that two lines want different states of one load at one time.
    enum Contradiction {
        /// They begin at one time, or are spans by the clock of which each has the load in its own state.
        case certain
        /// One switches within the span of the other, which may be meant; or the sun decides whether it does.
        case possible
    }

    /// Whether another line wants the other state while this one has its own; nil where they cannot meet.
    ///
    /// Days of one kind are compared: lines with dates and for holidays replace the others.
    func contradiction(to other: ScheduleEntry) -> Contradiction? {
        guard state != other.state else { return nil }
        let distances = distances(to: other)
        if start == other.start, distances.contains(0) { return .certain }
        let week = 7 * 1440
        let meet = distances.contains { distance in
            let ahead = (distance + other.start.nominalMinutes - start.nominalMinutes + 2 * week) % week
            return ahead < length || (week - ahead) % week < other.length
        }
        guard meet else { return nil }
        return end != nil && other.end != nil && !usesSun && !other.usesSun ? .certain : .possible
    }

    /// Minutes from a day on which this line begins to one on which the other does, within a week.
    private func distances(to other: ScheduleEntry) -> Set<Int> {
        switch (days, other.days) {
        case (.weekdays(let mine), .weekdays(let theirs)):
            Set(mine.flatMap { day in theirs.map { ($0.rawValue - day.rawValue + 7) % 7 * 1440 } })
        case (.holidays, .holidays): [0]
        case (.dates(let mine), .dates(let theirs)):
            mine.contains { range in theirs.contains { range.meets($0) } } ? [0] : []
        default: []
        }
    }

    /// Minutes of a span, the sun rising at 6:00 and setting at 18:00; 0 for a single time.
    private var length: Int {
        guard let end else { return 0 }
        let minutes = end.nominalMinutes - start.nominalMinutes
        return minutes > 0 ? minutes : minutes + 1440
    }
}

extension DateRange {
    /// Whether a day lies in both.
    func meets(_ other: DateRange) -> Bool { begins(in: other) || other.begins(in: self) }

    private func begins(in other: DateRange) -> Bool {
        let years = [first.year ?? other.first.year, first.year ?? other.last.year].map { $0 ?? 2028 }
        return ((years.min() ?? 2028)...(years.max() ?? 2028)).contains {
            other.contains(year: $0, month: first.month, day: first.day)
        }
    }
}
