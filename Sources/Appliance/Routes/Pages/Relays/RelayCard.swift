import Site

/// One relay on the page.
struct RelayCard {
    let relay: RelaysDocument.Relay
    let model: RelaysPage.Model

    var html: HTML {
        let feeds: HTML? = relay.feeds == "other" ? nil : " <span class=\"tag\">feeds the \(relay.feeds)</span>"
        return """
            <section class="relay \(level)" id="relay-\(relay.id)" data-relay="\(relay.id)" aria-labelledby="name-\(relay.id)">
            <h2 id="name-\(relay.id)"><bdi>\(relay.name)</bdi>\(feeds)</h2>
            \(power)
            <ul class="facts">\(facts.map { "<li>\($0)</li>" as HTML })</ul>
            \(model.document.away == nil ? model.form?.actions(relay) : nil)
            </section>

            """
    }

    private var status: RelayStatus? { relay.status }
    private var level: String { status.map { "load-\($0.state.rawValue)" } ?? "load-unknown" }

    private var power: HTML {
        guard let status else { return "<p class=\"power\">not known</p>" }
        let since = status.since.milliseconds
        let stale: HTML? = model.document.away == nil ? nil : " when it was last heard of"
        return """
            <p class="power"><b class="word">\(status.state.rawValue)</b>\(stale) \
            <span class="since">since \(model.clock.element(since, model.clock.short(since, now: model.now)))</span></p>
            """
    }

    // MARK: What there is to know

    private var facts: [HTML] {
        guard let status else { return [] }
        let restore: HTML? = status.restore.map {
            "<b>Comes on by itself in \(countdown($0))</b>, unless somebody confirms."
        }
        let pulse: HTML? = status.pulse.map { "A pulse, which ends in \(countdown($0))." }
        let known: [HTML?] = [
            fault(status), restore, pulse, held(status), override(status), next(status), watchdog(status), last(status),
            cycles(status), relay.rules.isEmpty ? nil : rules,
        ]
        return known.compactMap(\.self)
    }

    private func fault(_ status: RelayStatus) -> HTML? {
        switch status.line {
        case .good: nil
        case .mismatch:
            "<span class=\"fault\">Its line reads back other than driven: a short, or something else drives it.</span>"
        case .failed: "<span class=\"fault\">Its line does not take what it is told; that is tried again.</span>"
        }
    }

    private func held(_ status: RelayStatus) -> HTML? {
        guard let held = status.held else { return nil }
        let reason =
            switch held.reason {
            case .minimumOn: "for the least time that it stays on"
            case .minimumOff: "for the least time that it stays off"
            case .cycles: "for a cycle that is free"
            case .interlock: "for another relay to be off"
            case .override: "for the end of the hold"
            case .note: "for its note on the card"
            case .line: "for the chip to come back"
            }
        let until: HTML? = held.until.map { ": in \(countdown($0))" }
        return "Turns \(held.state.rawValue) soon; it waits \(reason)\(until). \(cause(held.cause))"
    }

    private func override(_ status: RelayStatus) -> HTML? {
        status.override.map {
            "Held <b>\($0.state.rawValue)</b> by hand for another \(countdown($0.ends)), whatever else wants it. \(cause($0.cause))"
        }
    }

    private func next(_ status: RelayStatus) -> HTML? {
        guard let next = status.next else {
            return relay.schedule.isEmpty ? nil : "Its schedule waits until the unit's clock is set."
        }
        let time = next.at.at.milliseconds
        return """
            Turns \(next.state.rawValue) at \(model.clock.element(time, model.clock.short(time, now: model.now))) by its schedule \
            <code>\(next.entry)</code>.
            """
    }

    private func watchdog(_ status: RelayStatus) -> HTML? {
        guard let watchdog = status.watchdog else { return nil }
        let state: HTML =
            switch watchdog.state {
            case .disarmed: "switched off; it restarts nothing"
            case .resting: "rests, because somebody wants the load as it is"
            case .waiting: "waits for the load to start up"
            case .pinging:
                watchdog.failures == 0
                    ? "is answered" : "is not answered: \(watchdog.failures) rounds in a row"
            case .restarting: "restarts the load"
            case .exhausted: "is not answered, and restarts did not help; the load stays on"
            }
        let next: HTML? = watchdog.next.map { "; goes on in \(countdown($0))" }
        let today = watchdog.today == 1 ? "1 restart" : "\(watchdog.today) restarts"
        return "Watchdog: \(state)\(next). \(today) within a day, \(watchdog.total) in all."
    }

    private func last(_ status: RelayStatus) -> HTML? {
        guard let last = status.last else { return nil }
        let time = last.time.wall
        return """
            Turned \(last.to.rawValue) at \(model.clock.element(time, model.clock.short(time, now: model.now))): \
            <bdi>\(last.cause.words)</bdi>.
            """
    }

    private func cycles(_ status: RelayStatus) -> HTML? {
        status.cycles.total == 0
            ? nil : "Switched on \(status.cycles.day) times within a day, \(status.cycles.total) in all."
    }

    private var rules: HTML {
        "Rules: \(relay.rules.enumerated().map { index, rule in "\(index > 0 ? ", " : "")<code>\(rule)</code>" as HTML })."
    }

    private func cause(_ cause: RelayCause) -> HTML { "(<bdi>\(cause.words)</bdi>)" }

    /// A time that runs on the page, too.
    private func countdown(_ countdown: RelayCountdown) -> HTML {
        """
        <time class="countdown" datetime="\(countdown.at.description)" data-until="\(countdown.at.milliseconds)">\
        \(Elapsed.words(seconds: Int64(countdown.seconds.rounded(.up))))</time>
        """
    }
}
