/// Schedules and rules: states that cannot both be.
extension SiteCheck {
    mutating func checkSchedule(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        for (position, line) in relay.schedule.enumerated() {
            let place = path(entry + [.key("schedule"), .index(position)])
            if line.usesSun, site.site.latitude == nil, site.site.longitude == nil {
                note(
                    .error, place, "sunrise and sunset need 'site.latitude' and 'site.longitude'",
                    "add them, or use times of the clock")
            }
            if line.days == .holidays, site.site.holidays.isEmpty, root["site"]?["holidays"] == nil {
                note(
                    .error, place, "there are no 'site.holidays' on which this line could hold",
                    "add them: holidays: [12-24/12-26, 2027-07-04]")
            }
            checkContradictions(of: line, to: relay.schedule[..<position], place)
        }
        let isEverOn = relay.schedule.contains { $0.state == .on || $0.end != nil }
        if relay.feeds == .router, !relay.schedule.isEmpty, !isEverOn {
            note(
                .error, path(entry + [.key("schedule")]),
                "the schedule switches the router off and never on again: nobody could reach the unit",
                "give the line an end, as in '02:00..02:01: off'")
        }
    }

    private mutating func checkContradictions(
        of line: ScheduleEntry, to earlier: ArraySlice<ScheduleEntry>, _ place: [PathPart]
    ) {
        if let other = earlier.first(where: { line.contradiction(to: $0) == .certain }) {
            note(
                .error, place, "'\(line)' contradicts '\(other)'",
                "at one time a load is on or off; change one of them")
        } else if let other = earlier.first(where: { line.contradiction(to: $0) == .possible }) {
            note(
                .warning, place, "'\(line)' and '\(other)' may want different states at one time",
                "what begins or ends last counts; change one of them unless that is meant")
        }
    }

    /// Relays that are never on together and whose schedules have both on.
    mutating func checkInterlockedSchedules() {
        for (index, relay) in site.relays.enumerated() where !relay.schedule.isEmpty {
            for other in site.relays[..<index] where !other.schedule.isEmpty {
                guard excludes(relay, other), let moment = overlap(relay, other)
                else { continue }
                note(
                    .error, path(.key("relays"), .index(index), .key("schedule")),
                    "'\(relay.id)' and '\(other.id)' are never on together, but their schedules have both on, as on \(moment)",
                    "change the lines of one of them")
            }
        }
    }

    /// A day on which both are on by their schedules; nil when there is none within a year.
    ///
    /// By mean local time of the place: an hour of summer time moves both alike.
    private func overlap(_ one: RelayConfiguration, _ other: RelayConfiguration) -> String? {
        let zone = LocalZone(hours: Int(((site.site.longitude ?? 0) / 15).rounded()))
        let schedules = [one, other].map { RelaySchedule($0, of: site.site, zone: zone) }
        for year in years(one.schedule + other.schedule) {
            let first = CivilTime.days(year: year, month: 1, day: 1)
            var states = [RelayState.off, .off]
            for start in stride(from: first - 7, to: first + 366, by: 7) {
                for (place, change) in changes(schedules, week: start) {
                    states[place] = change.state
                    guard states == [.on, .on] else { continue }
                    let date = zone.civil(milliseconds: change.time)
                    return "\(date.year)-\(TimeOfDay.twoDigits(date.month))-\(TimeOfDay.twoDigits(date.day))"
                }
            }
        }
        return nil
    }

    /// What the schedules bring in the week from a day on, each with the place of its schedule.
    ///
    /// At one moment, what goes off goes first.
    private func changes(_ schedules: [RelaySchedule], week start: Int) -> [(Int, RelaySchedule.Change)] {
        let from = Int64(start) * 86_400_000
        let to = Int64(start + 7) * 86_400_000
        var all: [(place: Int, change: RelaySchedule.Change)] = []
        for (place, schedule) in schedules.enumerated() {
            let changes = schedule.changes(of: (start - 2)...(start + 8))
            all += changes.filter { $0.time >= from && $0.time < to }.map { (place, $0) }
        }
        return all.sorted { one, other in
            if one.change.time != other.change.time { return one.change.time < other.change.time }
            return one.change.state == .off && other.change.state == .on
        }
    }

    /// The years that the lines name, and one more for those of every year.
    private func years(_ lines: [ScheduleEntry]) -> [Int] {
        var years: Set<Int> = [2028]
        for case .dates(let ranges) in lines.map(\.days) { years.formUnion(ranges.compactMap(\.first.year)) }
        return years.sorted()
    }

    // MARK: Rules

    mutating func checkRules(_ relay: RelayConfiguration, _ entry: [PathPart]) {
        for (position, rule) in relay.rules.enumerated() {
            let place = path(entry + [.key("rules"), .index(position)])
            for earlier in relay.rules[..<position] where rule.state != earlier.state && rule.when.meets(earlier.when) {
                note(
                    .error, place,
                    "where '\(rule.when)' holds, '\(earlier.when)' may hold too, and they want the load \(rule.state.rawValue) and \(earlier.state.rawValue)",
                    "keep the two apart, or remove one")
                break
            }
            if rule.endsWhereItBegins, relay.minimumOn == .zero, relay.minimumOff == .zero {
                note(
                    .warning, place,
                    "'\(rule.when)' begins and ends at one value: around it, the load goes on and off with each reading",
                    "add 'clear' with another value, 'for', or 'minimum_on' and 'minimum_off' of the relay")
            }
            if relay.feeds == .router, rule.state == .off {
                note(
                    .warning, place, "a rule that cuts the router ends only while the unit reads its sensors",
                    "see to it that the load is needed off more than it is needed on")
            }
        }
        if !relay.rules.isEmpty, !relay.schedule.isEmpty {
            note(
                .warning, path(entry + [.key("rules")]),
                "the relay has a schedule, too: whichever speaks last counts, and neither waits for the other",
                "give one relay either rules or a schedule, unless that is what is meant")
        }
    }
}

extension SiteCheck {
    /// Rules on the states of relays that lead back to where they began, with no time in between.
    ///
    /// Their conditions are resolved before.
    mutating func checkRuleCircles() {
        for (index, relay) in site.relays.enumerated() {
            for (position, rule) in relay.rules.enumerated() {
                guard let cause = rule.relayAtOnce, relaysSwitched(by: relay.id).contains(cause) else { continue }
                note(
                    .error, path(.key("relays"), .index(index), .key("rules"), .index(position)),
                    "'\(cause)' follows from what this rule switches, with no time in between: it would go on and off for ever",
                    "give the rule a time, as in 'for: 10s', or remove it")
            }
        }
    }

    /// A relay, and all that rules without a time switch after it.
    private func relaysSwitched(by id: String) -> Set<String> {
        var known: Set<String> = [id]
        var open = [id]
        while let cause = open.popLast() {
            for relay in site.relays where relay.rules.contains(where: { $0.relayAtOnce == cause }) {
                if known.insert(relay.id).inserted { open.append(relay.id) }
            }
        }
        return known
    }
}

extension RelayRule {
    /// Whether a reading that wavers makes it begin and end; a counter does not waver.
    fileprivate var endsWhereItBegins: Bool {
        guard case .compare(let comparison, _, _) = when.test, comparison.isUpward != nil else { return false }
        return clear == nil && hold == .zero && when.metric.quantity != .count && when.metric.quantity != .onTime
    }

    /// The relay whose state it looks at, where it waits for no time.
    fileprivate var relayAtOnce: String? {
        let metric = when.metric
        let isState = metric.subject == Metric.relay && metric.quantity == .state
        return isState && hold < .seconds(1) ? metric.instance : nil
    }
}

extension Condition {
    /// Whether some reading makes both true, as far as that can be told from the thresholds.
    func meets(_ other: Condition) -> Bool {
        guard metric == other.metric else { return false }
        switch (test, other.test) {
        case (.noData, .noData), (.data, .data): return true
        case (
            .compare(let comparison, let value, let unit), .compare(let otherComparison, let otherValue, let otherUnit)
        ):
            guard let isUpward = comparison.isUpward, let isOtherUpward = otherComparison.isUpward else {
                return comparison == .equal && unit == otherUnit && otherComparison.holds(value, otherValue)
                    || otherComparison == .equal && unit == otherUnit && comparison.holds(otherValue, value)
            }
            if isUpward == isOtherUpward { return true }
            return unit == otherUnit && (isUpward ? value < otherValue : otherValue < value)
        default: return false
        }
    }
}
