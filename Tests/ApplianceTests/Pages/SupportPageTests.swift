import Site
import Testing

@testable import Appliance

@Suite("The Support page") struct SupportPageTests {
    private static let now = SitePageTests.now

    static func document(_ word: String = "eth0 is on and has no link.", _ checks: [Finding]? = nil)
        -> DiagnosisDocument
    {
        DiagnosisDocument(
            version: "0.1.0", unit: "pi-7k3m92qf", site: "Trailer 42", time: ISO8601.string(milliseconds: now),
            milliseconds: 2449,
            checks: checks ?? [
                Finding(
                    id: "network.link", verdict: .fail, evidence: word, cause: word,
                    fix: .init(word, command: word)),
                Finding(
                    id: "router.reach", subject: word, verdict: .fail, evidence: word, follows: "network.link"),
                Finding(id: "board.space", subject: "/", verdict: .warn, evidence: word),
                Finding(id: "clock.set", verdict: .ok, evidence: word),
            ])
    }

    private func body(_ document: DiagnosisDocument?) -> String {
        SitePageTests.pages(.full).support(document).body
    }

    @Test("the root cause comes first, with what to do, and what follows is folded under it")
    func findings() throws {
        let body = body(Self.document())
        #expect(SitePageTests.heading(body) == "1 fault, 1 warning")
        #expect(body.contains("<section class=\"finding failed\">"))
        #expect(body.contains("1 more finding follows from it"))
        let first = try #require(body.firstRange(of: "<code>network.link</code>"))
        let second = try #require(body.firstRange(of: "<code>board.space /</code>"))
        #expect(first.lowerBound < second.lowerBound)
        #expect(body.contains("All 4 findings"))
        #expect(body.contains("picli 0.1.0, pi-7k3m92qf"))
    }

    @Test("a unit that is well, and one that has not looked yet, say so")
    func well() {
        let well = Self.document("", [Finding(id: "clock.set", verdict: .ok, evidence: "It is noon.")])
        #expect(SitePageTests.heading(body(well)) == "Nothing wrong was found.")
        #expect(SitePageTests.heading(body(nil)) == "The unit has not looked at itself yet.")
        #expect(body(nil).contains("picli diagnose --bundle"))
    }

    @Test("no hostile text changes the structure of the page", arguments: EscapingTests.payloads)
    func hostile(payload: String) {
        let structure = EscapingTests.structure(body(Self.document(payload)))
        #expect(structure == EscapingTests.structure(body(Self.document("harmless"))))
    }
}
