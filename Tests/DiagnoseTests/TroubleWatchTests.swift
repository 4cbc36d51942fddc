import Site
import Testing

@testable import Diagnose

@Suite("What a running unit tells of its findings")
struct TroubleWatchTests {
    private static let fault = Finding(id: "router.reach", subject: "router", verdict: .fail, evidence: "silent")

    private static func document(_ checks: [Finding]) -> DiagnosisDocument {
        DiagnosisDocument(version: "0", unit: nil, site: nil, time: "", milliseconds: 0, checks: checks)
    }

    private static let well = document([Finding(id: "router.reach", subject: "router", verdict: .ok, evidence: "")])
    private static let ill = document([fault])

    @Test("twice found is told once, twice gone is told once, and a blip is not told")
    func story() {
        var watch = TroubleWatch()
        let (ill, well) = (Self.ill, Self.well)
        let told = [ill, well, ill, ill, ill, well, ill, well, well, well].map { watch.observe($0) }
        #expect(told == [[], [], [], [.found(Self.fault)], [], [], [], [], [.cured(Self.fault)], []])
    }

    @Test("what was told before the unit was started again is not told twice, and told when it is cured")
    func restart() {
        let found = TroubleWatch.Change.found(Self.fault).event(at: Trailer.time())
        let cured = TroubleWatch.Change.cured(Self.fault).event(at: Trailer.time())
        var watch = TroubleWatch(after: [found, cured])
        #expect([Self.ill, Self.ill, Self.well].map { watch.observe($0) } == [[], [], []])
        let last = watch.observe(Self.well)
        #expect(last.map { $0.event(at: Trailer.time()).subject } == [Self.fault.key])
        #expect(last.map { $0.event(at: Trailer.time()).code } == [.diagnosisCured])
        watch = TroubleWatch(after: [cured, found])
        #expect([Self.ill, Self.ill].map { watch.observe($0).count } == [0, 1])
    }

    @Test("what nobody could look at, or what follows from something deeper now, is not cured")
    func unseen() {
        var watch = TroubleWatch()
        _ = watch.observe(Self.ill)
        _ = watch.observe(Self.ill)
        let skipped = Self.document([Finding(id: "router.reach", verdict: .skipped, evidence: "")])
        var folded = Self.fault
        folded.follows = "network.link"
        let deeper = Self.document([Finding(id: "network.link", verdict: .fail, evidence: ""), folded])
        let told = [skipped, skipped, skipped, deeper, deeper].map { watch.observe($0) }
        #expect(told.dropLast().allSatisfy { $0.isEmpty })
        #expect(told.last?.map { $0.event(at: Trailer.time()).subject } == ["network.link"])
        let event = TroubleWatch.Change.found(Self.fault).event(at: Trailer.time())
        #expect(event.code.rawValue == "diagnosis.found")
        #expect(event.severity == .error)
    }
}
