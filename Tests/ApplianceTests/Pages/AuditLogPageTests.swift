import Site
import Store
import Testing

@testable import Appliance

@Suite("The page of the audit log")
struct AuditLogPageTests {
    private static let now: Int64 = 1_772_366_400_000
    private static let digest = [UInt8](repeating: 0xAB, count: 32)

    private func id(_ sequence: Int64) -> RowID { RowID(database: FixtureSource.database, sequence: sequence) }

    private func page(
        _ word: String = "anna", query: Pages.Parameters = [], faults: [AuditFault] = [], next: Int64? = nil
    ) -> String {
        let time = Timestamp(wall: Self.now - 60_000, boot: 1, monotonic: 1, isTrusted: false)
        let entry = AuditEntry(
            time: time, actor: word, origin: word, action: .init(word), subject: word, details: word)
        let clock = LocalTime(zone: .utc)
        let query = AuditPageQuery(query, now: Self.now)
        return AuditLogPage.render(
            .init(
                query: query,
                page: AuditPage(
                    entries: [RecordedAuditEntry(id: id(7), entry: entry, digest: Self.digest)], faults: [], next: next),
                proof: AuditProof(count: 1, newest: Self.digest, faults: faults), notes: query.window.notes,
                now: Self.now,
                clock: clock
            ), frame: PageFrame(siteName: "Trailer 42", clock: clock, asset: { $0 }))
    }

    @Test("a broken chain is the first that is said, with its first places and the number of the others")
    func broken() throws {
        let text = page(faults: (1...20).map { .altered(id($0)) })
        let alert = try #require(text.firstRange(of: "The log is not what was written."))
        #expect(try alert.lowerBound < #require(text.firstRange(of: "<form class=\"search\"")).lowerBound)
        #expect(text.contains("Entry 5 is not") && !text.contains("Entry 6 is not") && text.contains("in 15 more"))
        #expect(!text.contains("what was written.</p>\n<details"))
        #expect(page().contains("The one entry is what was written."))
    }

    @Test("older entries, and other ranges, keep what is asked for")
    func links() {
        let text = page(query: [("who", "a&b"), ("what", "login"), ("range", "24h"), ("before", "9")], next: 7)
        #expect(text.contains("/audit?who=a%26b&amp;what=login&amp;range=24h&amp;before=7\""))
        #expect(text.contains("/audit?who=a%26b&amp;what=login&amp;range=7d\""))
        #expect(text.contains("<input type=\"hidden\" name=\"range\" value=\"24h\">"))
        #expect(text.contains("<option value=\"login\" selected>login: all</option>"))
        #expect(page(query: [("what", "<b>")]).contains("“&lt;b&gt;” is not an action"))
    }

    @Test("outside text stays text", arguments: EscapingTests.payloads)
    func escaping(_ payload: String) {
        let plain = EscapingTests.structure(page("a", query: [("who", "a"), ("what", "a")]))
        #expect(EscapingTests.structure(page(payload, query: [("who", payload), ("what", "a")])) == plain)
    }
}
