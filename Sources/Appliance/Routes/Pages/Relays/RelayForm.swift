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

    /// The large buttons; *On* and *Off* stay where they are, whatever comes and goes.
    func actions(_ relay: RelaysDocument.Relay) -> HTML {
        guard let status = relay.status else { return "" }
        return """
            <div class="actions">\(release(relay, status))\(main(relay, status))</div>
            \(restore(relay, status))
            """
    }

    /// What is needed less often.
    func further(_ relay: RelaysDocument.Relay) -> HTML {
        guard let status = relay.status else { return "" }
        return """
            <details class="further" id="further-\(relay.id)"><summary>Hold, pulse, toggle</summary>
            \(hold(relay))\(pulse(relay))\(toggle(relay, status))\(watchdog(relay, status))</details>
            """
    }

    // MARK: The large ones

    private func main(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML {
        guard status.override == nil else { return "" }
        return """
            \(button(relay, "on", "On", label: "\(relay.name) on", isCurrent: status.wanted == .on))\
            \(guarded(
                relay, "off", "Off", label: "\(relay.name) off", isCurrent: status.wanted == .off,
                warning: status.state == .on ? consequence(relay, "This") : nil))\
            \(pulse(relay, status))
            """
    }

    /// The pulse of the site file, or more of the one that is under way.
    private func pulse(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML {
        let length = seconds(relay.pulse)
        let isLonger = status.pulse != nil
        let state = isLonger ? status.state : status.state.other
        // What the button says is what it does, or nothing is done.
        let fixed: HTML = """
            <input type="hidden" name="state" value="\(state.rawValue)">\
            <input type="hidden" name="expected" value="\(status.state.rawValue)">
            """
        let back = seconds(min(relay.pulse, relay.restore ?? .infinity))
        return guarded(
            relay, "pulse", isLonger ? "Longer" : "Pulse \(length)",
            label: "\(relay.name) \(state.rawValue) for \(isLonger ? "another " : "")\(length)", fixed: fixed,
            warning: state == .off ? consequence(relay, "This", back: "It comes on again after \(back).") : nil)
    }

    private func restore(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML? {
        guard status.restore != nil else { return nil }
        let until = "It stays off until somebody switches it on."
        let warning =
            relay.feeds == "router"
            ? "\(until) Nobody comes in from outside until then: that may take a visit to the site." : until
        let button = guarded(
            relay, "confirm", "Keep it off", label: "Keep \(relay.name) off", act: "Keep it off", warning: warning)
        return "<div class=\"actions keep\">\(button)</div>"
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
        let warning: HTML? = consequence(relay, "Holding it off", otherwise: "It is not restored before the end.")
            .map { "<p>\($0)</p>" }
        return fields(
            relay, "override",
            """
            <label>Hold <select name="state"><option value="on">on</option><option value="off">off</option></select></label>
            <label>for <select name="seconds">\(lengths)</select></label>
            """, "Hold", after: warning)
    }

    private func pulse(_ relay: RelaysDocument.Relay) -> HTML {
        let restore = relay.restore.map { ", or after \(seconds($0)) unless you confirm" } ?? ""
        let back = "It comes on again when the pulse is over\(restore)."
        let warning: HTML? = consequence(relay, "Turning it off", back: back).map { "<p>\($0)</p>" }
        return fields(
            relay, "pulse",
            """
            <label>Seconds <input type="number" name="seconds" min="0.1" max="86400" step="0.1" value="\(DecimalText.significant(relay.pulse, digits: 3))" \
            inputmode="decimal" required></label>
            <label>turn it <select name="state"><option value="">over</option><option value="on">on</option>\
            <option value="off">off</option></select></label>
            """, "Pulse", after: warning)
    }

    private func toggle(_ relay: RelaysDocument.Relay, _ status: RelayStatus) -> HTML {
        let fixed: HTML = "<input type=\"hidden\" name=\"expected\" value=\"\(status.state.rawValue)\">"
        let button = guarded(
            relay, "toggle", "Toggle", label: "Toggle \(relay.name)", fixed: fixed,
            warning: status.state == .on ? consequence(relay, "This") : nil)
        return "<div class=\"actions\">\(button)</div>"
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
    ///
    /// - Parameters:
    ///   - back: When it comes on again; nil for a state that lasts, which the site file may restore.
    ///   - otherwise: What is said of that where it is not restored.
    private func consequence(
        _ relay: RelaysDocument.Relay, _ lead: String, back: String? = nil, otherwise: String? = nil
    ) -> String? {
        guard relay.feeds == "router" || relay.restore != nil else { return nil }
        let what =
            relay.feeds == "router"
            ? isRemote
                ? "\(lead) cuts the router you are connected through."
                : "\(lead) cuts the router: nobody comes in from outside."
            : "\(lead) cuts \(relay.name)."
        let restore = relay.restore.map { "It comes on by itself after \(seconds($0)), unless you confirm." }
        return [what, back ?? restore ?? otherwise].compactMap(\.self).joined(separator: " ")
    }

    /// A button that says first what it does, where there is a warning.
    private func guarded(
        _ relay: RelaysDocument.Relay, _ verb: String, _ title: String, label: String, isCurrent: Bool = false,
        fixed: HTML? = nil, act: String? = nil, warning: String?
    ) -> HTML {
        guard !isCurrent, let warning else {
            return button(relay, verb, title, label: label, isCurrent: isCurrent, fixed: fixed)
        }
        let act = act ?? (relay.feeds == "router" ? "Cut the router" : "Cut \(relay.name)")
        return """
            <details class="guarded" id="guarded-\(relay.id)-\(verb)"><summary class="button" aria-label="\(label)">\(title)…</summary>
            <p>\(warning)</p>\(button(relay, verb, act, label: "\(label), now", fixed: fixed))</details>
            """
    }

    private func button(
        _ relay: RelaysDocument.Relay, _ verb: String, _ title: String, label: String, isCurrent: Bool = false,
        fixed: HTML? = nil
    ) -> HTML {
        let current: HTML? = isCurrent ? " aria-current=\"true\"" : nil
        return """
            <form method="post" action="/relays/\(relay.id)">\(hidden(relay, verb))\(fixed)\
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
        guard seconds < 60 else { return Elapsed.words(seconds: Int64(seconds)) }
        return seconds == seconds.rounded() ? "\(Int(seconds))\u{A0}s" : "\(seconds)\u{A0}s"
    }
}
