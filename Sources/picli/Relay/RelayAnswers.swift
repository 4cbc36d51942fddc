import Site

extension RelaysDocument: Answer {
    func text(for terminal: Terminal) -> String {
        guard !relays.isEmpty else { return "The site file names no relays.\n" }
        var table = Table([
            .init(title: "RELAY"), .init(title: "STATE"), .init(title: "SINCE"), .init(title: "NOTE"),
        ])
        for relay in relays {
            guard let status = relay.status else {
                table.append([relay.id, "not known", "", ""])
                continue
            }
            // Nobody knows how a load stands whose line does not answer.
            let isKnown = status.line != .failed
            table.append([
                relay.id, isKnown ? status.state.rawValue : "not known",
                isKnown ? WallText.second(status.since.milliseconds / 1000 * 1000) : "",
                status.notes.joined(separator: "; "),
            ])
        }
        let notes = [away].compactMap(\.self) + (problems ?? [])
        return table.text(for: terminal) + notes.map { "note: \($0)\n" }.joined()
    }
}

extension RelayCommandDocument: Answer {
    func text(for terminal: Terminal) -> String {
        let status = accepted.status
        var lines = status.line == .failed ? [] : ["\(relay) is \(accepted.state.rawValue)."]
        if accepted.isRepeat { lines.append("The same command was given before; nothing was done again.") }
        // Who did it last is who asks.
        lines += status.notes.dropLast(status.last == nil ? 0 : 1).map { note in
            note.hasPrefix("its ") ? "I\(note.dropFirst())." : "It \(note)."
        }
        if status.restore != nil { lines.append("Try: picli relay confirm \(relay), to keep it off") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension RelayStatus {
    /// What there is to say besides the state, the most urgent first, who did it at the end.
    var notes: [String] {
        var notes: [String] = []
        switch line {
        case .good: break
        case .mismatch: notes.append("reads back other than driven")
        case .failed: notes.append("does not answer, and should be \(wanted.rawValue)")
        }
        if override == nil, let restore { notes.append("comes on by itself in \(restore.text), unless confirmed") }
        if let held, held.reason != .override {
            notes.append("turns \(held.state.rawValue)\(held.until.map { " in \($0.text)" } ?? " soon")")
        }
        if let pulse { notes.append("ends its pulse in \(pulse.text)") }
        if let holdNote { notes.append(holdNote) }
        if let note = watchdog?.note { notes.append(note) }
        if let next { notes.append("turns \(next.state.rawValue) in \(next.at.text) by its schedule") }
        if let last { notes.append("last: \(last.to.rawValue) by \(last.cause.who)") }
        return notes
    }

    /// What a hold holds, and what comes after it or takes its place.
    private var holdNote: String? {
        guard let override else { return nil }
        let word = state == override.state ? "is" : "is then"
        let hold = "\(word) held \(override.state.rawValue) for another \(override.ends.text)"
        if let restore { return "\(hold) if that is confirmed, else comes on by itself in \(restore.text)" }
        guard let held, held.reason == .override else { return hold }
        return "\(hold), and turns \(held.state.rawValue) then"
    }
}

extension WatchdogStatus {
    /// What there is to say of it; nil while it is answered.
    fileprivate var note: String? {
        let rounds: String? =
            switch failures {
            case 0: nil
            case 1: "1 round unanswered"
            default: "\(failures) rounds unanswered"
            }
        switch (state, last) {
        case (.pinging, nil): return "its watchdog waits for the first answer"
        case (.pinging, .void): return "its watchdog cannot judge"
        case (.pinging, .good), (.pinging, .bad): return rounds.map { "its watchdog counts \($0)" }
        default: return "its watchdog is \(state.rawValue)\(rounds.map { ", \($0)" } ?? "")"
        }
    }
}

extension RelayCountdown {
    /// `12s`, `5m3s`: whole seconds.
    fileprivate var text: String { Duration.seconds(Int64(max(0, min(seconds, 1e9)).rounded(.up))).siteText }
}

/// The schedules of some relays: text shows what comes next, JSON all there is.
struct RelayScheduleAnswer: Answer {
    let document: RelaysDocument
    /// The one that was asked for; nil for all.
    let relay: String?

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    func text(for terminal: Terminal) -> String {
        let scheduled = document.relays.filter { !$0.schedule.isEmpty }
        guard !scheduled.isEmpty else { return "\(relay.map { "\($0) has no" } ?? "No relay has a") schedule.\n" }
        var table = Table([.init(title: "RELAY"), .init(title: "NEXT"), .init(title: "AT"), .init(title: "LINES")])
        for relay in scheduled {
            let next = relay.status?.next
            table.append([
                relay.id, next?.state.rawValue ?? "not known",
                next.map { WallText.second($0.at.at.milliseconds / 1000 * 1000) } ?? "",
                relay.schedule.joined(separator: "; "),
            ])
        }
        return table.text(for: terminal) + (document.away.map { "note: \($0)\n" } ?? "")
    }
}

/// What happened to relays, newest first.
struct RelayHistoryAnswer: Answer {
    let document: EventsDocument

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    func text(for terminal: Terminal) -> String {
        guard !document.events.isEmpty else { return "Nothing was switched yet.\n" }
        var table = Table([.init(title: "TIME"), .init(title: "RELAY"), .init(title: "WHAT HAPPENED")])
        for event in document.events.map(\.event) {
            table.append([WallText.second(event.time.wall / 1000 * 1000), event.subject, event.message])
        }
        return table.text(for: terminal)
    }
}
