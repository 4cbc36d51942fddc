/// Alerts and rules: that they ask about something that exists, in its unit, and can end.
extension SiteCheck {
    mutating func checkConditions() {
        checkUnique("alerts", site.alerts.map(\.id))
        let groups = Set(site.notify.map(\.name)).union((root["notify"]?.entries ?? []).map(\.key))
        let alertIDs = ids("alerts")
        for index in site.alerts.indices {
            let entry: [PathPart] = [.key("alerts"), .index(index)]
            var alert = site.alerts[index]
            check(&alert.when, &alert.clear, hold: alert.hold, at: path(entry))
            for (position, group) in alert.tell.enumerated() where !groups.contains(group) {
                note(
                    .error, path(entry + [.key("tell"), .index(position)]), "there is no group '\(group)' in 'notify'",
                    Suggestion.hint(group, in: groups.sorted())
                        ?? "add it: notify: { \(group): [mailto:ops@acme.example] }")
            }
            for (position, other) in alert.inhibitedBy.enumerated() {
                let place = path(entry + [.key("inhibited_by"), .index(position)])
                if other == alert.id {
                    note(.error, place, "an alert cannot inhibit itself", nil)
                } else if !alertIDs.contains(other) {
                    note(.error, place, "there is no alert '\(other)'", Suggestion.hint(other, in: alertIDs))
                }
            }
            if alert.name.isEmpty { alert.name = alert.id }
            site.alerts[index] = alert
        }
        checkInhibitionCycles()
        for index in site.relays.indices {
            for position in site.relays[index].rules.indices {
                var rule = site.relays[index].rules[position]
                let entry: [PathPart] = [.key("relays"), .index(index), .key("rules"), .index(position)]
                check(&rule.when, &rule.clear, hold: rule.hold, at: path(entry))
                site.relays[index].rules[position] = rule
            }
        }
        checkRuleCircles()
        checkInterlockedRules()
    }

    /// Two alerts that silence each other would both be silent.
    private mutating func checkInhibitionCycles() {
        let edges = Dictionary(site.alerts.map { ($0.id, $0.inhibitedBy) }, uniquingKeysWith: { first, _ in first })
        for (index, alert) in site.alerts.enumerated() {
            var reached: Set<String> = []
            var waiting = alert.inhibitedBy.filter { $0 != alert.id }
            while let id = waiting.popLast() {
                if reached.insert(id).inserted { waiting += edges[id] ?? [] }
            }
            if reached.contains(alert.id) {
                error(
                    .key("alerts"), .index(index), .key("inhibited_by"),
                    message: "'\(alert.id)' is inhibited by alerts that it inhibits itself",
                    hint: "then neither is told")
            }
        }
    }

    private mutating func check(
        _ when: inout Condition, _ clear: inout Condition.Test?, hold: Duration, at entry: [PathPart]
    ) {
        let whenPath = entry + [.key("when")]
        guard !findings.isFaulty(whenPath.text) else { return }
        let written = when.metric
        resolve(&when, at: whenPath)
        if when.test == .noData, let sensor = sensor(when.metric.subject), hold < sensor.interval * 2 {
            note(
                .warning, entry, "'no data' for \(hold.siteText) is true after one missed reading of '\(sensor.id)'",
                "use 'for: \((sensor.interval * 3).siteText)' or more")
        }
        let clearPath = entry + [.key("clear")]
        guard let test = clear, !findings.isFaulty(clearPath.text) else { return }
        if let text = root.nearest(clearPath).text, case .success((let metric?, _)) = Condition.parseClear(text),
            metric.subject != written.subject || (metric.quantity ?? when.metric.quantity) != when.metric.quantity
                || metric.instance != written.instance
        {
            // A relay or an input is told by its id, as it was written.
            let about = when.metric.instance == written.instance ? when.metric : written
            note(
                .error, clearPath, "'clear' is about \(metric), 'when' about \(about)",
                "leave the metric out of 'clear'")
            return
        }
        clear = checkClear(test, of: when, at: clearPath)
    }

    private mutating func checkClear(_ clear: Condition.Test, of when: Condition, at place: [PathPart])
        -> Condition.Test
    {
        guard case .compare(let comparison, let threshold, let unit) = when.test else {
            if clear == when.test { note(.error, place, "'clear' is the same as 'when'", nil) }
            return clear
        }
        guard case .compare(let back, let level, var clearUnit) = clear else {
            note(.error, place, "a comparison is cleared by a comparison", "write '< 55 °C'")
            return clear
        }
        if clearUnit == .none { clearUnit = unit }
        let result = Condition.Test.compare(back, level, clearUnit)
        guard clearUnit == unit else {
            note(.error, place, "'clear' is in \(clearUnit.rawValue), 'when' in \(unit.rawValue)", nil)
            return result
        }
        guard let isUpward = comparison.isUpward else {
            if back == comparison, level == threshold { note(.error, place, "'clear' is the same as 'when'", nil) }
            return result
        }
        let words = isUpward ? ("<", "below") : (">", "above")
        if back.isUpward != !isUpward {
            note(
                .error, place, "'\(when.test)' cannot be cleared by '\(result)'",
                "write '\(words.0) VALUE', on the other side of the threshold")
        } else if isUpward ? level > threshold : level < threshold {
            note(
                .error, place,
                "the clear threshold \(DecimalText.text(level)) is on the wrong side of \(DecimalText.text(threshold))",
                "it must be \(words.1) or equal, or the alert would be raised and cleared at once")
        }
        return result
    }

    private func sensor(_ id: String) -> SensorConfiguration? { site.sensors.first { $0.id == id } }

    /// Completes the metric's quantity and the threshold's unit from what is known of the sensor.
    private mutating func resolve(_ condition: inout Condition, at place: [PathPart]) {
        let metric = condition.metric
        guard let sensor = sensor(metric.subject) else {
            if resolveSwitch(&condition, at: place) { return }
            let known = Array(Set(ids("sensors") + ids("relays") + ids("inputs") + registers)).sorted()
            if known.contains(metric.subject) { return }
            if Self.ownSubjects.contains(metric.subject) {
                if metric.quantity == nil {
                    note(
                        .error, place, "'\(metric.subject)' has many quantities",
                        "name one: \(metric.subject).temperature")
                }
                checkInstance(of: metric, at: place)
                return
            }
            note(
                .error, place, "there is no sensor, relay or input '\(metric.subject)'",
                Suggestion.nearest(to: metric.subject, in: known + Self.ownSubjects).map { "did you mean '\($0)'?" }
                    ?? Suggestion.hint(metric.subject, in: known))
            return
        }
        var written = Unit.none
        if case .compare(_, _, let unit) = condition.test { written = unit }
        let expected = expectedUnit(of: sensor, metric, written, &condition, at: place)
        guard let expected, case .compare(let comparison, let value, let unit) = condition.test else { return }
        if unit == .none {
            condition.test = .compare(comparison, value, expected)
        } else if unit != expected {
            note(
                .error, place, "\(condition.metric) is in \(expected.rawValue), not in \(unit.rawValue)",
                "write the threshold in \(expected.rawValue)")
        }
    }

    /// The numbers that clients of `compatibility.controlbyweb` set, by their ids.
    private var registers: [String] { site.compatibility.controlByWeb?.registers ?? [] }

    /// `relay.state@router` names a relay, `input.count@door` an input, `register.value@setpoint` a number of clients.
    private mutating func checkInstance(of metric: MetricReference, at place: [PathPart]) {
        guard [Metric.relay, Metric.input, Metric.register].contains(metric.subject), let id = metric.instance else {
            return
        }
        let ids =
            metric.subject == Metric.register
            ? registers : ids(metric.subject == Metric.relay ? "relays" : "inputs")
        guard !ids.contains(id) else { return }
        note(.error, place, "there is no \(metric.subject) '\(id)'", Suggestion.hint(id, in: ids))
    }

    /// Completes a condition about a relay, an input or a register: `door on`, `door.count > 10`, `setpoint > 5`.
    private mutating func resolveSwitch(_ condition: inout Condition, at place: [PathPart]) -> Bool {
        let metric = condition.metric
        let isRelay = site.relays.contains { $0.id == metric.subject }
        let isRegister = registers.contains(metric.subject)
        guard isRelay || isRegister || site.inputs.contains(where: { $0.id == metric.subject }) else { return false }
        let subject = isRelay ? Metric.relay : isRegister ? Metric.register : Metric.input
        let known: [Quantity] = isRelay ? [.state] : isRegister ? [.value] : [.state, .count, .onTime]
        let quantity = metric.quantity ?? known[0]
        guard known.contains(quantity) else {
            note(
                .error, place, "'\(metric.subject)' has no quantity '\(quantity.rawValue)'",
                Suggestion.hint(quantity.rawValue, in: known.map(\.rawValue)))
            return true
        }
        condition.metric = MetricReference(subject: subject, quantity: quantity, instance: metric.subject)
        if case .compare(_, _, let unit) = condition.test, unit != .none,
            unit != (quantity == .onTime ? .second : .none)
        {
            note(
                .error, place, "\(metric) has no unit '\(unit.rawValue)'",
                "write '\(metric.subject) \(isRegister ? "> 5" : "on")'")
        }
        return true
    }

    /// The unit of the metric; nil when it is not known, or when there is no such quantity.
    private mutating func expectedUnit(
        of sensor: SensorConfiguration, _ metric: MetricReference, _ written: Unit, _ condition: inout Condition,
        at place: [PathPart]
    ) -> Unit? {
        let quantities = sensor.chip.quantities
        guard let named = metric.quantity else {
            // `camera-power < 1 W`: the unit says which of its quantities is meant.
            let chosen = quantities.first { $0.unit == written } ?? quantities[0]
            condition.metric.quantity = Quantity(rawValue: chosen.quantity)
            return chosen.unit
        }
        if let known = quantities.first(where: { $0.quantity == named.rawValue }) {
            return ["sample_rate", "clipping"].contains(known.quantity) ? nil : known.unit
        }
        note(
            .error, place, "'\(sensor.id)' (\(sensor.chip.kind.rawValue)) has no quantity '\(named.rawValue)'",
            Suggestion.hint(named.rawValue, in: quantities.map(\.quantity)))
        return nil
    }
}
