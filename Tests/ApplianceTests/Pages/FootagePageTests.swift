import NAS
import Site
import Testing

@testable import Appliance
@testable import Web

@Suite("The Footage page")
struct FootagePageTests {
    private static let now = SitePageTests.now
    private static let quarter = FootageQuarter.length

    private static func form(_ role: Role) throws -> FootageForm {
        let visitor = SignedIn(
            account: 1, name: try #require(UserName("anna")), role: role, proof: .session(1), isFresh: true,
            formToken: "token")
        return FootageForm(form: PostForm(visitor: visitor))
    }

    private static var document: FootageDocument {
        var holdings = FootageDocument.Holdings(clips: 12, size: 3_400_000_000, promised: 2_592_000)
        holdings.keeps = 864_000
        holdings.full = WallTime(milliseconds: now + 2 * 86_400_000)
        return FootageDocument(
            state: .recording, device: "sda1", size: 2_000_000_000_000, available: 500_000_000_000, holdings: holdings,
            cameras: [
                .init(
                    id: "front", clips: 12, size: 3_400_000_000, oldest: WallTime(milliseconds: now - 86_400_000),
                    newest: WallTime(milliseconds: now - 60_000)),
                .init(id: "<b>old</b>", isOfSite: false),
            ],
            drives: [.init(device: "sdb1", outcome: "refused", message: "'<i>' is on it.", hint: "picli nas list")])
    }

    private static func page(
        _ document: FootageDocument? = FootagePageTests.document, _ quarters: [FootageQuarter] = [],
        form: FootageForm? = nil, alert: String? = nil
    ) -> String {
        SitePageTests.pages(.full).footage.overview(
            .init(document: document, quarters: quarters), form: form, alert: alert)
    }

    @Test("says first whether cameras record, and in words what will not be kept")
    func verdict() {
        let body = Self.page()
        #expect(SitePageTests.heading(body) == "Cameras record to the drive sda1.")
        #expect(body.contains("500\u{A0}GB of 2.00\u{A0}TB are free."))
        #expect(body.contains("Footage will be kept for 10\u{A0}d, and not for 30\u{A0}d."))
        #expect(body.contains("it is full in 2\u{A0}d, on "))
        #expect(!body.contains("<b>old") && !body.contains("'<i>'"))
        #expect(SitePageTests.heading(Self.page(nil)) == "This unit keeps no footage.")
        let states: [(FootageDocument.State, String)] = [
            (.readOnly, "failed"), (.missing, "failed"), (.silent, "failed"), (.unknown, "attention"),
        ]
        for (state, level) in states {
            #expect(Self.page(FootageDocument(state: state)).contains("<h1 class=\"state \(level)\">"), "\(state)")
        }
    }

    @Test("who may only look sees no button; an operator ejects; an admin may also ask what erasing would lose")
    func roles() throws {
        #expect(!Self.page().contains("<form method=\"post\" action=\"/footage"))
        let own = Self.page(form: try Self.form(.operator))
        #expect(own.contains("action=\"/footage/eject\"") && !own.contains("action=\"/footage/offer\""))
        let all = Self.page(form: try Self.form(.admin))
        #expect(all.contains("name=\"device\" value=\"sdb1\"") && all.contains("name=\"device\" value=\"sda1\""))
    }

    @Test("while something is at work nobody begins another thing, and the page looks again by itself")
    func working() throws {
        var document = Self.document
        document.work = DriveWork(.eject, since: WallTime(milliseconds: Self.now - 9000), who: "<b>anna")
        let running = Self.page(document, form: try Self.form(.admin))
        #expect(running.contains("data-running") && running.contains("footage.js"))
        #expect(!running.contains("action=\"/footage/eject\"") && !running.contains("<b>anna"))
        document.work?.state = .done
        document.work?.message = "sda may be pulled out."
        let done = Self.page(document)
        #expect(done.contains("sda may be pulled out.") && !done.contains("data-running"))
        document.work?.since = WallTime(milliseconds: Self.now - 7_200_000)
        #expect(!Self.page(document).contains("sda may be pulled out."))
    }

    @Test("before a drive is erased it is named, with what is on it, and its name is asked for")
    func offer() throws {
        let offer = DriveOfferDocument(
            disk: "sda", size: 64_000_000_000, model: "Cruzer <b>", name: "4711",
            volumes: [.init(device: "sda1", fileSystem: "vfat", label: "<i>photos</i>")], isInPlace: true, seal: "7.1")
        let body = SitePageTests.pages(.full).footage.offer(offer, device: "sda1", form: try Self.form(.admin))
        #expect(body.contains("name=\"seal\" value=\"7.1\"") && body.contains("action=\"/footage/format\""))
        #expect(body.contains("all their footage is lost"))
        #expect(!body.contains("<i>photos") && !body.contains("Cruzer <b>"))
    }

    @Test("days are those of the site, also when its clock is changed")
    func days() throws {
        let zone = SitePageTests.pages(.full).footage.clock.zone
        try #require(zone.name == "America/Denver")
        // The clock goes from 02:00 to 03:00 on the 8th of March 2026.
        let date = try #require(CivilTime(day: "2026-03-08"))
        let bounds = date.bounds(in: zone)
        #expect(bounds.upperBound - bounds.lowerBound == 23 * 3_600_000)
        #expect(bounds.lowerBound == 1_772_953_200_000)
        let quarters = [-1, 0, 91, 92].map { number -> FootageQuarter in
            FootageQuarter(
                camera: "front", start: bounds.lowerBound + Int64(number) * Self.quarter,
                total: FootageTotal(clips: 1, size: 10))
        }
        let days = FootageDay.all(quarters, in: zone)
        #expect(days.map(\.date.dayText) == ["2026-03-09", "2026-03-08", "2026-03-07"])
        #expect(days[1].totals == ["front": FootageTotal(clips: 2, size: 20)])
    }

    @Test(
        "what is no day is none", arguments: ["", "2026-02-30", "2026-3-1", "2026-13-01", "+026-01-01", "2026-03-01x"])
    func day(text: String) { #expect(CivilTime(day: text) == nil) }

    @Test("a bar shows stretches without a pause, and says them in words")
    func bar() {
        let clock = LocalTime(zone: .utc)
        let quarters = [0, 1, 2, 8, 95].map { number -> FootageQuarter in
            FootageQuarter(camera: "front", start: Int64(number) * Self.quarter, total: FootageTotal())
        }
        let bar = FootageBar(quarters: quarters, bounds: 0..<86_400_000, clock: clock)
        let runs = [(0, 3), (8, 9), (95, 96)].map { run -> Range<Int64> in
            Int64(run.0) * Self.quarter..<Int64(run.1) * Self.quarter
        }
        #expect(bar.runs == runs)
        #expect(bar.html.text.contains("recorded 00:00 to 00:45, 02:00 to 02:15, 23:45 to 00:00"))
        #expect(bar.html.text.contains("<rect x=\"0\" width=\"45\" height=\"1\"/>"))
    }
}
