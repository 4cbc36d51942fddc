import Foundation
import Site
import Testing

@testable import Diagnose

@Suite("The catalogue of checks")
struct CatalogueTests {
    @Test("ids are area.check, and each is there once")
    func ids() {
        let ids = Catalogue.checks.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.wholeMatch(of: /[a-z]+\.[a-z0-9]+/) != nil, "\(id)") }
        #expect(ids.count >= 50)
    }

    @Test("a finding can follow only from a check that comes before its own")
    func order() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Diagnose/Checks")
        let walker = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let ids = Catalogue.checks.map(\.id)
        var seen = 0
        for case let file as URL in walker where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            guard let own = text.firstMatch(of: /let id = "([a-z.0-9]+)"/) else { continue }
            let place = try #require(ids.firstIndex(of: String(own.1)))
            for match in text.matches(of: /(?:init|Deeper)\("([a-z0-9]+\.[a-z0-9]+)"/) {
                let deeper = String(match.1)
                let index = try #require(ids.firstIndex(of: deeper), "\(file.lastPathComponent): \(deeper)")
                #expect(index < place, "\(own.1) after \(deeper)")
                seen += 1
            }
        }
        #expect(seen > 60)
    }

    @Test("every check says why when nothing is known, and none fails for it")
    func nothingKnown() throws {
        let facts = Facts(now: 0, isInstalled: false, site: .skipped("no site file"))
        for check in Catalogue.checks {
            let judgements = check.judge(facts)
            #expect(!judgements.isEmpty, "\(check.id)")
            for judgement in judgements where check.id != "services.answer" && check.id != "site.file" {
                #expect(judgement.verdict == .skipped, "\(check.id): \(judgement)")
                #expect(!judgement.evidence.isEmpty)
            }
        }
    }

    @Test("a selection takes ids and areas, and refuses what is neither")
    func selection() throws {
        #expect(
            try Diagnosis.Selection(["power"]).checks.map(\.id) == [
                "power.voltage", "power.cuts", "power.usb", "power.throttling",
            ])
        #expect(try Diagnosis.Selection(["clock.set", "power.voltage"]).checks.count == 2)
        #expect(throws: (any Error).self) { try Diagnosis.Selection(["pwoer"]) }
        #expect(Probe.allCases.allSatisfy { $0.limit < .seconds(8) })
    }
}
