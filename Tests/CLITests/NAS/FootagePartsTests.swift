import Appliance
import Logging
import Site
import Store
import Testing

@testable import picli

@Suite("What looks after the footage")
struct FootagePartsTests {
    private func isLookedAfter(
        _ site: SiteFile, _ unit: UnitID?, isSimulated: Bool = false
    ) async throws -> Bool {
        let folder = try Folder()
        let now = Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: false)
        let store = await Store.open(
            .init(directory: folder.path, history: site.history, deployment: nil, databaseIDs: [:]), kernelBoot: "a",
            now: now
        ) { _ in }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let parts = FootageParts.make(
            site, unit: unit, state: "/nonexistent", isSimulated: isSimulated, journal: store.journal,
            events: EventRecorder(journal: store.journal, logger: logger), now: { now }, logger: logger)
        return parts != nil
    }

    @Test("is there for a unit that keeps footage, also where the index can have no file")
    func parts() async throws {
        let unit = try #require(UnitID("pi-7k3m92qf"))
        var site = SiteFile(site: SiteDescription(name: "x"))
        #expect(try await !isLookedAfter(site, unit))
        site.storage = StorageConfiguration()
        #expect(try await isLookedAfter(site, unit))
        #expect(try await !isLookedAfter(site, nil))
        #expect(try await !isLookedAfter(site, unit, isSimulated: true))
    }
}
