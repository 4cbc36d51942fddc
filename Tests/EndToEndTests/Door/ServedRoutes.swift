import Appliance
import Foundation
import HTTPTypes
import Logging
import Site
import Store
import Testing
import Web

@testable import picli

/// The table of everything that a unit serves, from a unit made in this process as `picli serve` makes one.
enum ServedRoutes {
    /// `least` is nil for what answers everybody; `isFresh` is what asks for a password that was given just now.
    static func table() async throws -> [(least: Role?, isFresh: Bool, method: String, path: String)] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picli-routes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let logger = Logger(label: "routes") { _ in SwiftLogNoOpLogHandler() }
        let site = try #require(SiteFile.parse(ProvisionedUnit.site).value)
        let unit = await picli.Unit.open(site, state: folder.path, isSimulated: true, logger: logger)
        let door = await WebDoor(
            site, state: folder.path, isOpen: false, journal: unit.store.journal, now: { unit.clock.now() },
            logger: logger)
        let live = CollectorService(
            [], clock: ContinuousClock(), now: { unit.clock.now() }, logger: logger, sink: { _ in }, report: { _ in })
        let table = unit.routes(live: live, accounts: door.accounts).table
        _ = await unit.store.close()
        return table.map { entry in
            let least = entry.access.role
            let isFresh = least.map { entry.access == .freshly($0) } ?? false
            return (least, isFresh, entry.method.rawValue, entry.path)
        }
    }
}
