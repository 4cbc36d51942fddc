import Logging
import NAS
import Site
import Testing

@testable import picli

@Suite("What looks after the footage")
struct FootagePartsTests {
    private func isLookedAfter(_ site: SiteFile, _ unit: UnitID?, isSimulated: Bool = false) -> Bool {
        let service = FootageParts.service(
            site, unit: unit, state: "/nonexistent", isSimulated: isSimulated,
            now: { Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: false) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, report: { _ in })
        return service != nil
    }

    @Test("is there for a unit that keeps footage, also where the index can have no file")
    func service() throws {
        let unit = try #require(UnitID("pi-7k3m92qf"))
        var site = SiteFile(site: SiteDescription(name: "x"))
        #expect(!isLookedAfter(site, unit))
        site.storage = StorageConfiguration()
        #expect(isLookedAfter(site, unit))
        #expect(!isLookedAfter(site, nil))
        #expect(!isLookedAfter(site, unit, isSimulated: true))
    }
}
