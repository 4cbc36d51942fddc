import Appliance
import Logging
import NAS
import Platform
import Site

/// What looks after the footage of a unit's cameras, put together.
enum FootageParts {
    /// nil where the site file has no drive for footage, and while the unit has no ID: footage belongs to a unit.
    static func service(
        _ site: SiteFile, unit: UnitID?, state: String, isSimulated: Bool, now: @escaping @Sendable () -> Timestamp,
        logger: Logger, report: @escaping @Sendable (Event) async -> Void
    ) -> FootageService<ContinuousClock>? {
        guard let storage = site.storage, let unit, !isSimulated else { return nil }
        let cameras = site.network.cameras.map(\.id)
        do {
            let index = try index(at: "\(folder(forState: state))/footage.sqlite", logger)
            let root = try SystemRoot()
            let keeper = Blocking(name: "footage") {
                FootageKeeper(
                    index, top: FootagePlaces.folder(of: unit), cameras: cameras, storage: storage,
                    // Whoever has it is 'picli nas verify', or puts another drive in.
                    isBusy: { (try? root.lock(directory: DriveRecords.folder)) == nil })
            }
            return FootageService(
                keeper, records: { DriveRecords(root).all() }, storage: storage, cameras: cameras,
                clock: ContinuousClock(), now: now, logger: logger, report: report)
        } catch {
            logger.error("nobody looks after the footage", metadata: ["error": "\(error)"])
            return nil
        }
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
