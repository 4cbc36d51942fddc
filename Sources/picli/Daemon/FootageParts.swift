import Appliance
import Logging
import NAS
import Platform
import Site
import Store

/// What looks after the footage of a unit's cameras, and what tells of it, put together.
struct FootageParts {
    let service: FootageService<ContinuousClock>
    let shelf: FootageShelf
    let cameras: [String]

    /// nil where the site file has no drive for footage, and while the unit has no ID: footage belongs to a unit.
    static func make(
        _ site: SiteFile, unit: UnitID?, state: String, isSimulated: Bool, journal: Journal, events: EventRecorder,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) -> FootageParts? {
        guard let storage = site.storage, let unit, !isSimulated else { return nil }
        do {
            return try FootageParts(
                of: unit, storage, cameras: site.network.cameras.map(\.id),
                index: try index(at: "\(folder(forState: state))/footage.sqlite", logger), journal: journal,
                events: events, now: now, logger: logger)
        } catch {
            logger.error("nobody looks after the footage", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private init(
        of unit: UnitID, _ storage: StorageConfiguration, cameras: [String], index: FootageIndex, journal: Journal,
        events: EventRecorder, now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) throws {
        let top = FootagePlaces.folder(of: unit)
        let root = try SystemRoot()
        let records: @Sendable () -> [DriveRecord] = { DriveRecords(root).all() }
        let keeper = Blocking(name: "footage") {
            FootageKeeper(
                index, top: top, cameras: cameras, storage: storage,
                // Whoever has it is 'picli nas verify', or puts another drive in.
                isBusy: { (try? root.lock(directory: DriveRecords.folder)) == nil })
        }
        let service = FootageService(
            keeper, records: records, storage: storage, cameras: cameras, clock: ContinuousClock(), now: now,
            events: { events.broadcast.subscribe(buffer: 256) },
            recent: { (try? await journal.events(EventQuery(from: $0, limit: 1000))) ?? [] }, logger: logger,
            report: { await events.record($0) })
        let desk = DriveDesk(
            RootDoorClient(), audit: { try await journal.write([], audit: $0) }, now: now, logger: logger)
        self.service = service
        self.cameras = cameras
        shelf = FootageShelf(
            desk: desk, archive: FootageArchive(index, top: top), figures: service.figures, records: records,
            cameras: cameras, storage: storage)
    }

    /// Its measurements, and those of its drive.
    func collectors(report: @escaping @Sendable (Event) async -> Void) -> [any Collector] {
        [
            FootageCollector(service.figures, cameras: cameras),
            DriveCollector(count: { try DriveCounters.present() }, report: report),
        ]
    }

    /// Without a file where that cannot be had: that nothing is recorded has to be told all the same.
    private static func index(at path: String, _ logger: Logger) throws -> FootageIndex {
        do { return try FootageIndex(path) } catch {
            logger.warning("the index of the footage has no file", metadata: ["error": "\(error)"])
            return try FootageIndex(nil)
        }
    }

    /// In memory for the installed unit: the index is made anew from each drive, and the card is spared a write for each clip.
    private static func folder(forState state: String) -> String {
        state == StateOptions.installed.directory ? "/run/picli" : state
    }
}
