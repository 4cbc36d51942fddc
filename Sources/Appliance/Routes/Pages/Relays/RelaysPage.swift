import Site
import Web

/// The Relays page: how each load stands, why, what comes next, and the buttons that switch it.
enum RelaysPage {
    struct Model: Sendable {
        var document: RelaysDocument
        /// What happened to them, newest first.
        var events: [RecordedEvent]
        /// Whether who looks may switch, and by which door they came; nil for a viewer.
        var form: RelayForm?
        /// What was wrong with what was asked for.
        var alert: String?
        var notes: [String]
        var now: Int64
        var clock: LocalTime
    }

    static func render(_ model: Model, frame: PageFrame) -> String {
        frame.render(
            .relays, now: model.now, styles: ["relays.css"], scripts: ["relays.js"],
            body: """
                <section class="verdict"><h1 class="state \(level(model).rawValue)">\(sentence(model))</h1>
                \(model.notes.map { "<p>\($0)</p>" as HTML })</section>
                <div id="said" role="alert">\(model.alert.map { "<p class=\"note\">\($0)</p>" as HTML })</div>
                \(model.form?.freshness)
                <div class="relays">\(model.document.relays.map { RelayCard(relay: $0, model: model).html })</div>
                \(history(model))
                """)
    }

    // MARK: The first line

    private static func faults(_ model: Model) -> [String] {
        model.document.relays.compactMap { relay in
            switch relay.status?.line {
            case .failed?: "\(relay.name) does not take what it is told."
            case .mismatch?: "\(relay.name) reads back other than it was switched."
            case .good?: nil
            case nil: model.document.away == nil ? "\(relay.name) is not known to the owner of the lines." : nil
            }
        }
    }

    private static func level(_ model: Model) -> Tile.State.Level {
        if model.document.relays.isEmpty { return .off }
        if model.document.away != nil || !faults(model).isEmpty { return .failed }
        return passing(model).isEmpty ? .ok : .attention
    }

    /// What passes by itself, or would be forgotten.
    private static func passing(_ model: Model) -> [String] {
        model.document.relays.compactMap { relay in
            guard let status = relay.status else { return nil }
            if let restore = status.restore {
                return
                    "\(relay.name) is off, and comes on at \(model.clock.second(restore.at.milliseconds)) unless somebody confirms."
            }
            if let override = status.override {
                let end = model.clock.short(override.ends.at.milliseconds, now: model.now)
                return "\(relay.name) is held \(override.state.rawValue) until \(end)."
            }
            if status.watchdog?.state == .restarting { return "\(relay.name) is restarted by its watchdog." }
            if status.watchdog?.state == .exhausted {
                return "\(relay.name): what its watchdog pings does not answer, and restarts did not help."
            }
            return nil
        }
    }

    private static func sentence(_ model: Model) -> String {
        let relays = model.document.relays
        if relays.isEmpty { return "The site file names no relays." }
        if let away = model.document.away { return "Relays cannot be switched now. \(away)" }
        let faults = faults(model) + passing(model)
        if !faults.isEmpty { return faults.joined(separator: " ") }
        let on = relays.filter { $0.status?.state == .on }.count
        switch (relays.count, on) {
        case (1, _): return "\(relays[0].name) is \(on == 1 ? "on" : "off")."
        case (let count, 0): return "All \(count) relays are off."
        case (let count, let on) where on == count: return "All \(count) relays are on."
        case (let count, let on): return "\(on) of \(count) relays \(on == 1 ? "is" : "are") on."
        }
    }

    private static func history(_ model: Model) -> HTML? {
        guard !model.events.isEmpty else { return nil }
        return """
            <section class="group" aria-labelledby="recent"><h2 id="recent">Who switched what</h2>
            <div class="scroll">\(EventRows.table(model.events, clock: model.clock, now: model.now))</div>
            <p><a class="button" href="/events">All events</a></p></section>
            """
    }
}
