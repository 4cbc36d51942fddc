import Site
import Testing

@testable import Diagnose

@Suite("Root causes")
struct RootCauseTests {
    private static let judged: [(id: String, judgements: [Judgement])] = [
        ("network.link", [.fail("no link")]),
        ("network.reach", [.fail("nobody", after: [.init("network.link")])]),
        ("router.reach", [.fail("silent", "router", after: [.init("network.address"), .init("network.reach")])]),
        ("camera.reach", [.fail("silent", "front", after: [.init("network.reach")]), .ok("answers", "back")]),
        ("clock.source", [.warn("no server", after: [.init("router.reach", "router")])]),
        ("logs.server", [.warn("quiet")]),
        ("camera.logging", [.warn("quiet", "back", after: [.init("logs.server"), .init("camera.reach", "back")])]),
    ]

    private let document = DiagnosisDocument(
        version: "0", unit: nil, site: nil, time: "", milliseconds: 0, checks: RootCauses(judged).findings)

    @Test("what follows from something deeper is folded under it, however many steps down")
    func folding() {
        #expect(document.roots.map(\.key) == ["network.link", "logs.server", "camera.logging back"])
        #expect(document.rootCause == "network.link")
        #expect(document.verdict == .fail)
        #expect(
            document.consequences(of: "network.link").map(\.key) == [
                "network.reach", "router.reach router", "camera.reach front", "clock.source",
            ])
    }

    @Test("nothing is hidden by a warning, by what is well, or by another's fault")
    func hiding() {
        #expect(document.checks.first { $0.key == "camera.logging back" }?.follows == nil)
        #expect(document.checks.allSatisfy { $0.verdict != .ok || $0.follows == nil })
    }

    @Test("a document reads back as it was written")
    func coding() throws {
        let document = DiagnosisDocument(
            version: "1", unit: "pi-1", site: "Trailer", time: "2026-01-01T00:00:00.000Z", milliseconds: 5,
            limits: ["none"],
            checks: [
                Finding(
                    id: "a.b", subject: "c", verdict: .warn, evidence: "e", cause: "f",
                    fix: .init("g", command: "h"), follows: "i")
            ])
        #expect(document.rootCause == nil)
        #expect(document.verdict == .warn)
    }
}
