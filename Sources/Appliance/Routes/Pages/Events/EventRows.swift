import Site

/// Events as a table.
enum EventRows {
    /// - Parameter waiting: what the disk has not taken yet, newest first; it stands above the others.
    static func table(_ events: [RecordedEvent], waiting: [Event] = [], clock: LocalTime, now: Int64) -> HTML {
        """
        <table class="events"><thead><tr><th scope="col">Time</th><th scope="col">Severity</th><th scope="col">About</th>\
        <th scope="col">What happened</th></tr></thead><tbody>\(waiting.map { row($0, isStored: false, clock: clock, now: now) })\
        \(events.map { row($0.event, clock: clock, now: now) })\
        </tbody></table>
        """
    }

    private static func row(_ event: Event, isStored: Bool = true, clock: LocalTime, now: Int64) -> HTML {
        let mark: HTML? = isStored ? nil : " <span class=\"tag\">not stored yet</span>"
        let time = event.time.wall
        let around = URLQuery([("from", String(time - 1_800_000)), ("to", String(time + 1_800_000))]).text
        return """
            <tr class="\(level(event.severity).rawValue)"><td>\
            <a href="/history\(around)" aria-label="History around this time">\(clock.element(time, shown(time, clock, now)))</a></td>\
            <td class="severity">\(event.severity.name)</td><td><bdi>\(event.subject)</bdi></td>\
            <td>\(event.message) <code>\(event.code.rawValue)</code>\(mark)</td></tr>
            """
    }

    private static func shown(_ time: Int64, _ clock: LocalTime, _ now: Int64) -> String {
        let day = clock.day(time)
        return (day == clock.day(now) ? "" : day + " ") + clock.second(time)
    }

    static func level(_ severity: Event.Severity) -> Tile.State.Level {
        switch severity {
        case .critical, .error: .failed
        case .warning: .attention
        case .notice, .info: .ok
        }
    }
}
