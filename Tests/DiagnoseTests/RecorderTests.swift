import Site
import Testing

@testable import Diagnose

@Suite("What changed while somebody reproduced a fault")
struct RecorderTests {
    private func document(_ checks: [Finding], _ second: Int) -> DiagnosisDocument {
        DiagnosisDocument(
            version: "0", unit: nil, site: nil, time: "2026-03-01T12:00:0\(second).000Z", milliseconds: 0,
            checks: checks)
    }

    private static let loose = Finding(id: "sensors.present", subject: "outside", verdict: .fail, evidence: "gone")
    private static let hot = Finding(id: "board.temperature", verdict: .warn, evidence: "hot")
    private static let well = Finding(id: "sensors.present", verdict: .ok, evidence: "all")
    private static let unseen = Finding(id: "sensors.present", verdict: .unknown, evidence: "no answer")

    @Test("what comes and goes is told with its time; what was wrong from the start is not")
    func changes() {
        var recorder = Recorder()
        let looks = [[Self.hot, Self.well], [Self.hot, Self.loose], [Self.hot, Self.loose], [Self.hot, Self.well]]
        for (second, checks) in looks.enumerated() { recorder.take(document(checks, second), readings: []) }
        #expect(recorder.looks == 4)
        #expect(recorder.changes.map(\.key) == ["sensors.present outside", "sensors.present outside"])
        #expect(recorder.changes.map(\.verdict) == [.fail, .ok])
        #expect(recorder.changes.map(\.time) == ["2026-03-01T12:00:01.000Z", "2026-03-01T12:00:03.000Z"])
    }

    @Test("what nobody could look at has not gone")
    func unknown() {
        var recorder = Recorder()
        for (second, checks) in [[Self.loose], [Self.unseen], [Self.loose], [Self.well]].enumerated() {
            recorder.take(document(checks, second), readings: [])
        }
        #expect(recorder.changes.map(\.key) == ["sensors.present outside"])
        #expect(recorder.changes.map(\.verdict) == [.ok])
    }

    @Test("each series has its least and greatest value, and says how often it had none")
    func series() throws {
        var recorder = Recorder()
        for reading in [
            Trailer.reading("enclosure", 21), Trailer.reading("enclosure", 19.5), Trailer.reading("enclosure", 24),
            Trailer.absence("enclosure", .badChecksum), Trailer.absence("enclosure", .badChecksum),
        ] {
            recorder.take(document([], 0), readings: [reading])
        }
        let series = try #require(recorder.allSeries.first)
        #expect((series.least, series.greatest, series.values) == (19.5, 24, 3))
        #expect(series.missing == ["badChecksum": 2])
    }
}
