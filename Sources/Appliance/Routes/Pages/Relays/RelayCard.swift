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
            \(model.document.away == nil ? model.form?.actions(relay) : nil)
            <ul class="facts">\(facts.map { "<li>\($0)</li>" as HTML })</ul>
            \(model.document.away == nil ? model.form?.further(relay) : nil)
            </section>

            """
    }

    private var status: RelayStatus? { relay.status }
    private var level: String {
        guard let status, status.line != .failed else { return "load-unknown" }
        return "load-\(status.state.rawValue)"
    }

    private var power: HTML {
        guard let status else { return "<p class=\"power\">not known</p>" }
        let since = status.since.milliseconds
        let stale: HTML? = model.document.away == nil ? nil : " when it was last heard of"
        // Nobody knows how a load stands whose line does not answer.
        guard status.line != .failed else {
            return """
                <p class="power"><b class="word">does not answer</b>\(stale) \
                <span class="since">should be \(status.wanted.rawValue)</span></p>
                """
        }
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
            fault(status), restore, pulse, held(status), override(status), interlocks, next(status), watchdog(status),
            last(status), cycles(status), relay.rules.isEmpty ? nil : rules,
        ]
        return known.compactMap(\.self)
    }

    private func fault(_ status: RelayStatus) -> HTML? {
        switch status.line {
        case .good: nil
        case .mismatch:
            "<span class=\"fault\">Its line reads back other than driven: a short, or something else drives it.</span>"
        case .failed:
            "<span class=\"fault\">Its line does not take what it is told; that is tried again every second.</span>"
        }
    }

    private func held(_ status: RelayStatus) -> HTML? {
        guard let held = status.held else { return nil }
        guard held.reason != .override else {
            return "Turns \(held.state.rawValue) when the hold ends. \(cause(held.cause))"
        }
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
            let condition: HTML = status.restore == nil ? ", whatever else wants it" : ", if somebody confirms"
            return """
                Held <b>\($0.state.rawValue)</b> by hand for another \(countdown($0.ends))\(condition). \(cause($0.cause))
                """
        }
    }

    private var interlocks: HTML? {
        guard let others = relay.interlocks else { return nil }
        let names = others.enumerated().map { index, id -> HTML in
            let name = model.document.relays.first { $0.id == id }?.name ?? id
            return "\(index > 0 ? ", " : "")<bdi>\(name)</bdi>"
        }
        return "Never on together with \(names)."
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
            case .resting:
                status.line != .good
                    ? "rests until the line answers as it should" : "rests, because somebody wants the load as it is"
            case .waiting: "waits for the load to start up"
            case .pinging: pinging(watchdog)
            case .restarting: "restarts the load"
            case .exhausted: "is not answered, and restarts did not help; the load is left as it is"
            }
        let next: HTML? = watchdog.next.map { "; goes on in \(countdown($0))" }
        let today = watchdog.today == 1 ? "1 restart" : "\(watchdog.today) restarts"
        return "Watchdog: \(state)\(next). \(today) within a day, \(watchdog.total) in all."
    }

    private func pinging(_ watchdog: WatchdogStatus) -> HTML {
        switch watchdog.last {
        case nil: "waits for the first answer"
        case .void: "cannot judge: nobody could be asked, or the unit's own cable is out"
        case .good, .bad:
            switch watchdog.failures {
            case 0: "is answered"
            case 1: "is not answered: one round"
            case let rounds: "is not answered: \(rounds) rounds in a row"
            }
        }
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
        guard status.cycles.total > 0 else { return nil }
        let times = status.cycles.day == 1 ? "once" : "\(status.cycles.day) times"
        return "Switched on \(times) within a day, \(status.cycles.total) in all."
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
