import Site
import Web

/// The buttons of a relay, for somebody who may press them.
struct RelayForm: Sendable {
    let form: PostForm
    /// Whether the password has to be given once more first.
    let isStale: Bool
    /// Whether who looks came in from beyond the site, and so most likely through its router.
    let isRemote: Bool
    /// Tells the buttons of this page from those of another look at it: pressed twice, one acts once.
    let mark: String

    /// Lengths that a hold may have, in seconds.
    static let holds: [(seconds: Int, words: String)] = [
        (900, "15 minutes"), (3_600, "1 hour"), (14_400, "4 hours"), (43_200, "12 hours"), (86_400, "1 day"),
        (604_800, "7 days"),
    ]

    /// What is said before the first button, where a password is asked for.
    var freshness: HTML? {
        guard isStale else { return nil }
        return """
            <p class="notice">From beyond the site, switching asks for your password once in five minutes. \
            <a class="button" href="\(Routes.confirm)?next=/relays">Give it now</a></p>
            """
    }

    func actions(_ relay: RelaysDocument.Relay) -> HTML {
        guard let status = relay.status else { return "" }
        return """
            <div class="actions">\(restore(relay, status))\(release(relay, status))\(main(relay, status))</div>
            <details class="further" id="further-\(relay.id)"><summary>Hold, pulse, toggle</summary>
            \(hold(relay))\(pulse(relay))\(toggle(relay))\(watchdog(relay, status))</details>
            """
    }

    // MARK: The large ones

    private func main(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML {
        guard status.override == nil else { return "" }
        let pulse = seconds(relay.pulse)
        let other = status.state == .on ? "off" : "on"
        let isCut = status.state == .on
        return """
            \(button(relay, "on", "On", label: "\(relay.name) on", isCurrent: status.wanted == .on))\
            \(guarded(relay, "off", "Off", label: "\(relay.name) off", isCurrent: status.wanted == .off))\
            \(isCut
                ? guarded(relay, "pulse", "Pulse \(pulse)", label: "\(relay.name) \(other) for \(pulse)")
                : button(relay, "pulse", "Pulse \(pulse)", label: "\(relay.name) \(other) for \(pulse)"))
            """
    }

    private func restore(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML? {
        guard status.restore != nil else { return nil }
        return button(relay, "confirm", "Keep it off", label: "Keep \(relay.name) off")
    }

    private func release(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML? {
        guard status.override != nil else { return nil }
        return button(relay, "release", "Release", label: "Release \(relay.name)")
    }

    // MARK: The others

    private func hold(_ relay: RelaysDocument.Relay) -> HTML {
        let lengths = Self.holds.map { length -> HTML in
            let mark: HTML? = length.seconds == 3_600 ? " selected" : nil
            return "<option value=\"\(length.seconds)\"\(mark)>\(length.words)</option>"
        }
        let warning: HTML? = consequence(relay, "Holding it off").map { "<p>\($0)</p>" }
        return fields(
            relay, "override",
            """
            <label>Hold <select name="state"><option value="on">on</option><option value="off">off</option></select></label>
            <label>for <select name="seconds">\(lengths)</select></label>
            """, "Hold", after: warning)
    }

    private func pulse(_ relay: RelaysDocument.Relay) -> HTML {
        fields(
            relay, "pulse",
            """
            <label>Seconds <input type="number" name="seconds" min="0.1" max="86400" step="0.1" value="\(DecimalText.significant(relay.pulse, digits: 3))" \
            inputmode="decimal" required></label>
            <label>turn it <select name="state"><option value="">over</option><option value="on">on</option>\
            <option value="off">off</option></select></label>
            """, "Pulse")
    }

    private func toggle(_ relay: RelaysDocument.Relay) -> HTML {
        "<div class=\"actions\">\(guarded(relay, "toggle", "Toggle", label: "Toggle \(relay.name)"))</div>"
    }

    private func watchdog(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML? {
        guard let watchdog = status.watchdog else { return nil }
        let isOff = watchdog.state == .disarmed
        let disarm: HTML? =
            isOff ? nil : button(relay, "disarm", "Watchdog off", label: "Switch the watchdog of \(relay.name) off")
        return """
            <div class="actions">\(button(
                relay, "rearm", isOff ? "Watchdog on" : "Watchdog anew",
                label: "Set the attempts of the watchdog of \(relay.name) back"))\(disarm)</div>
            """
    }

    // MARK: Forms

    /// What switching a load off means; nil where it is nobody's way in.
    private func consequence(_ relay: RelaysDocument.Relay, _ lead: String) -> String? {
        guard relay.feeds == "router" || relay.restore != nil else { return nil }
        let what =
            relay.feeds == "router"
            ? isRemote
                ? "\(lead) cuts the router you are connected through."
                : "\(lead) cuts the router: nobody comes in from outside."
            : "\(lead) cuts \(relay.name)."
        let back = relay.restore.map { " It comes on by itself after \(seconds($0)), unless you confirm." }
        return what + (lead == "This" ? back ?? "" : " It is not restored before the end.")
    }

    /// A button that says first what it does, where that is dangerous.
    private func guarded(
        _ relay: RelaysDocument.Relay, _ verb: String, _ title: String, label: String, isCurrent: Bool = false
    ) -> HTML {
        guard !isCurrent, relay.status?.state == .on, let warning = consequence(relay, "This") else {
            return button(relay, verb, title, label: label, isCurrent: isCurrent)
        }
        let act = relay.feeds == "router" ? "Cut the router" : "Cut \(relay.name)"
        let sentence =
            verb == "pulse" ? "This cuts the power of \(relay.name) for \(seconds(relay.pulse))." : warning
        return """
            <details class="guarded" id="guarded-\(relay.id)-\(verb)"><summary class="button" aria-label="\(label)">\(title)…</summary>
            <p>\(sentence)</p>\(button(relay, verb, act, label: "\(label), now"))</details>
            """
    }

    private func button(
        _ relay: RelaysDocument.Relay, _ verb: String, _ title: String, label: String, isCurrent: Bool = false
    ) -> HTML {
        let current: HTML? = isCurrent ? " aria-current=\"true\"" : nil
        return """
            <form method="post" action="/relays/\(relay.id)">\(hidden(relay, verb))\
            <button type="submit" class="\(verb)" aria-label="\(label)"\(current)>\(title)</button></form>
            """
    }

    private func fields(
        _ relay: RelaysDocument.Relay, _ verb: String, _ fields: HTML, _ title: String, after: HTML? = nil
    ) -> HTML {
        """
        <form class="search" method="post" action="/relays/\(relay.id)">\(hidden(relay, verb))
        \(fields)
        <button type="submit" aria-label="\(title) \(relay.name)">\(title)</button>\(after)</form>
        """
    }

    private func hidden(_ relay: RelaysDocument.Relay, _ verb: String) -> HTML {
        """
        \(form.token)<input type="hidden" name="do" value="\(verb)">\
        <input type="hidden" name="key" value="\(mark)-\(verb)">
        """
    }

    private func seconds(_ seconds: Double) -> String {
        seconds < 60 ? "\(DecimalText.significant(seconds, digits: 3))\u{A0}s" : Elapsed.words(seconds: Int64(seconds))
    }
}
