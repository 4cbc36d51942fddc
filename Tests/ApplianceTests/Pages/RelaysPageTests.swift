import Foundation
import Site
import Store
import Testing

@testable import Appliance
@testable import Web

@Suite("The Relays page") struct RelaysPageTests {
    private static let now = SitePageTests.now
    private static let cause = RelayCause(.person, who: "<b>anna</b>", origin: "192.0.2.7")

    private static func relay(
        _ id: String, feeds: RelayConfiguration.Load, _ status: RelayStatus?
    ) -> RelaysDocument.Relay {
        .init(RelayConfiguration(id: id, name: "The <i>\(id)</i>", output: .line(17), feeds: feeds), status: status)
    }

    private static func relay(_ status: RelayStatus) -> RelaysDocument.Relay {
        relay("router", feeds: .router, status)
    }

    private static func countdown(_ seconds: Double) -> RelayCountdown {
        RelayCountdown(at: WallTime(milliseconds: now + Int64(seconds * 1000)), seconds: seconds)
    }

    private static func form(isStale: Bool = false, isRemote: Bool = true) -> RelayForm {
        let visitor = SignedIn(
            account: 1, name: UserName("anna") ?? { preconditionFailure() }(), role: .operator, proof: .session(1),
            isFresh: !isStale, formToken: "token")
        return RelayForm(form: PostForm(visitor: visitor), isStale: isStale, isRemote: isRemote, mark: "m")
    }

    private static func page(
        _ relays: [RelaysDocument.Relay], away: String? = nil, form: RelayForm? = nil, alert: String? = nil
    ) async -> String {
        await SitePageTests.pages(.full).relays(
            RelaysDocument(away: away, relays: relays), form: form, alert: alert
        ).body
    }

    private static var on: RelayStatus { StagedOwner.status("router", .on) }
    private static var off: RelayStatus { StagedOwner.status("router", .off) }

    @Test("who may not switch sees how they stand, and no button")
    func viewer() async {
        let body = await Self.page([Self.relay(Self.on)])
        #expect(SitePageTests.heading(body) == "The &lt;i&gt;router&lt;/i&gt; is on.")
        #expect(!body.contains("action=\"/relays/") && !body.contains("<i>router"))
    }

    @Test("what cuts the way in says so first, and when it is restored; what does not, does not")
    func dangerous() async {
        let router = await Self.page([Self.relay(Self.on)], form: Self.form())
        #expect(
            router.contains(
                "This cuts the router you are connected through. It comes on by itself after 1\u{A0}min, unless you confirm."
            ))
        #expect(router.contains("<details class=\"guarded\" id=\"guarded-router-off\">"))
        let atSite = await Self.page([Self.relay(Self.on)], form: Self.form(isRemote: false))
        #expect(atSite.contains("This cuts the router: nobody comes in from outside."))
        let fan = await Self.page([Self.relay("fan", feeds: .other, Self.on)], form: Self.form())
        #expect(!fan.contains("guarded") && fan.contains("<button type=\"submit\" class=\"off\""))
        let isOff = await Self.page([Self.relay(Self.off)], form: Self.form())
        #expect(!isOff.contains("class=\"guarded\""))
    }

    @Test("holding it off, and a pulse that cuts, say what they do, and when it is on again")
    func consequences() async {
        let router = await Self.page([Self.relay(Self.on)], form: Self.form())
        let restored = "comes on by itself after 1\u{A0}min, unless you confirm."
        #expect(router.contains("Holding it off cuts the router you are connected through. It \(restored)"))
        #expect(!router.contains("not restored before the end"))
        #expect(
            router.contains(
                "This cuts the router you are connected through. It comes on again after 1.5\u{A0}s.</p>"))
        #expect(
            router.contains(
                "Turning it off cuts the router you are connected through. It comes on again when the pulse is over"))
    }

    /// The values of hidden fields in the form of a button.
    private static func hidden(_ body: String, _ label: String) -> [String: String]? {
        guard let form = body.split(separator: "<form ").first(where: { $0.contains("aria-label=\"\(label)") }) else {
            return nil
        }
        let fields = form.split(separator: "<input type=\"hidden\" name=\"").dropFirst().compactMap {
            field -> (String, String)? in
            let parts = field.split(separator: "\"", omittingEmptySubsequences: false)
            return parts.count > 2 ? (String(parts[0]), String(parts[2])) : nil
        }
        return Dictionary(fields) { $1 }
    }

    @Test("the pulse says its direction and from which state; while one runs, it is made longer")
    func pulseButton() async throws {
        let off = StagedOwner.status("fan", .off)
        let body = await Self.page([Self.relay("fan", feeds: .other, off)], form: Self.form())
        let begin = try #require(Self.hidden(body, "The &lt;i&gt;fan&lt;/i&gt; on for 1.5\u{A0}s"))
        #expect(begin["do"] == "pulse" && begin["state"] == "on" && begin["expected"] == "off")
        var cut = Self.off
        cut.pulse = Self.countdown(3)
        let longer = await Self.page([Self.relay(cut)], form: Self.form())
        let fields = try #require(
            Self.hidden(longer, "The &lt;i&gt;router&lt;/i&gt; off for another 1.5\u{A0}s, now"))
        #expect(fields["do"] == "pulse" && fields["state"] == "off" && fields["expected"] == "off")
        #expect(longer.contains("Longer…") && longer.contains("id=\"guarded-router-pulse\""))
    }

    @Test("a restore, a hold, a pulse, a schedule and a watchdog are said in words, with their countdowns")
    func facts() async {
        var status = Self.off
        status.restore = Self.countdown(42)
        status.held = RelayHold(.minimumOff, state: .on, until: Self.countdown(8), cause: Self.cause)
        status.pulse = Self.countdown(3)
        status.next = RelayScheduled(state: .on, at: Self.countdown(3600), entry: "07:00..19:00: on")
        status.watchdog = WatchdogStatus(
            state: .waiting, failures: 2, attempts: 1, today: 1, total: 9, next: Self.countdown(90))
        status.last = RelayChange(
            number: 1, relay: "router", from: .on, to: .off, cause: Self.cause,
            time: Timestamp(wall: Self.now - 60_000, boot: 1, monotonic: 1, isTrusted: true))
        let body = await Self.page([Self.relay(status)], form: Self.form())
        for words in [
            ">42\u{A0}s</time></b>, unless somebody confirms.",
            "Turns on soon; it waits for the least time that it stays off",
            "A pulse, which ends in", "by its schedule", "<code>07:00..19:00: on</code>",
            "Watchdog: waits for the load to start up", "1 restart within a day, 9 in all.",
            "&lt;b&gt;anna&lt;/b&gt; from 192.0.2.7", "Keep it off",
        ] {
            #expect(body.contains(words), "\(words)")
        }
        #expect(!body.contains("<b>anna"))
        #expect(SitePageTests.heading(body).contains("unless somebody confirms"))
    }

    @Test("a hold shows its release, and neither on nor off, which would be refused")
    func override() async {
        var status = Self.on
        status.override = RelayOverride(state: .on, ends: Self.countdown(7200), cause: Self.cause)
        let body = await Self.page([Self.relay("fan", feeds: .other, status)], form: Self.form())
        #expect(body.contains("value=\"release\"") && !body.contains("class=\"on\"") && !body.contains("class=\"off\""))
    }

    @Test("faults are in the first line", arguments: [RelayLine.mismatch, .failed])
    func faults(line: RelayLine) async {
        var status = Self.on
        status.line = line
        let body = await Self.page([Self.relay(status)], form: Self.form())
        #expect(body.contains("class=\"state failed\""))
        #expect(SitePageTests.heading(body).contains(line == .mismatch ? "reads back" : "does not take"))
    }

    @Test("a line that does not answer says what the load should be, not what it is")
    func failedLine() async {
        var status = Self.on
        status.line = .failed
        status.wanted = .off
        let body = await Self.page([Self.relay(status)])
        #expect(body.contains("<b class=\"word\">does not answer</b>") && body.contains("should be off"))
        #expect(body.contains("class=\"relay load-unknown\"") && !body.contains("<b class=\"word\">on</b>"))
    }

    @Test("keeping a load off stands in its own row, after the others, and says first what it does")
    func keeping() async throws {
        var status = Self.off
        status.restore = Self.countdown(42)
        let router = await Self.page([Self.relay(status)], form: Self.form())
        let on = try #require(router.range(of: "class=\"on\""))
        let keep = try #require(router.range(of: "<div class=\"actions keep\"><details class=\"guarded\""))
        #expect(on.lowerBound < keep.lowerBound)
        #expect(
            router.contains("Nobody comes in from outside until then")
                && router.contains("off, now\">Keep it off</button>"))
        let sign = await Self.page([Self.relay("sign", feeds: .other, status)], form: Self.form())
        #expect(sign.contains("<p>It stays off until somebody switches it on.</p>"))
    }

    @Test("relays that exclude each other say so, by their names")
    func interlocks() async {
        let open = RelaysDocument.Relay(
            RelayConfiguration(id: "open", output: .line(23), interlocks: ["close", "lock"]), status: Self.off)
        let close = Self.relay("close", feeds: .other, Self.off)
        let body = await Self.page([open, close])
        #expect(
            body.contains("Never on together with <bdi>The &lt;i&gt;close&lt;/i&gt;</bdi>, <bdi>lock</bdi>."))
    }

    @Test(
        "a watchdog says that it is answered only once it was",
        arguments: [
            (nil, 0, "waits for the first answer"), (.void, 0, "cannot judge"), (.good, 0, "is answered"),
            (.bad, 1, "is not answered: one round"), (.bad, 3, "is not answered: 3 rounds in a row"),
        ] as [(PingRound.Verdict?, Int, String)])
    func verdict(last: PingRound.Verdict?, failures: Int, words: String) async {
        var status = Self.on
        status.watchdog = WatchdogStatus(state: .pinging, failures: failures, last: last)
        let body = await Self.page([Self.relay(status)])
        #expect(body.contains("Watchdog: \(words)"))
    }

    @Test("without its owner there is no button, and the last state is called that")
    func away() async {
        let body = await Self.page(
            [Self.relay(Self.on)], away: "The owner of the relays does not answer.", form: Self.form())
        #expect(
            SitePageTests.heading(body) == "Relays cannot be switched now. The owner of the relays does not answer.")
        #expect(body.contains("when it was last heard of") && !body.contains("action=\"/relays/"))
    }

    @Test("a password that has to be given again is asked for before the first button, a refusal is said above them")
    func stale() async {
        let body = await Self.page([Self.relay(Self.on)], form: Self.form(isStale: true), alert: "Too <early>.")
        #expect(body.contains("/confirm?next=/relays") && body.contains("Too &lt;early&gt;."))
    }

    @Test("what the owner has to say of its site file and card stands at the top")
    func problems() async {
        let body = await SitePageTests.pages(.full).relays(
            RelaysDocument(away: nil, problems: ["The card takes <no> notes."], relays: [Self.relay(Self.on)]),
            form: nil, alert: nil
        ).body
        #expect(body.contains("<p>The card takes &lt;no&gt; notes.</p>"))
    }

    @Test("a site without relays says so")
    func none() async {
        #expect(SitePageTests.heading(await Self.page([])) == "The site file names no relays.")
    }
}
