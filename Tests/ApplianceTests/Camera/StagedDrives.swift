import Platform
import Site
import Synchronization
import TestSupport
import Web

@testable import Appliance
@testable import NAS

/// The door to what only root may do with drives, as a test sets it up.
final class StagedDrives: DriveDoor {
    struct State: Sendable {
        /// Why nothing is done; nil: all is.
        var failure: Failure?
        var seal = "7.1"
        var done: [String] = []
    }

    let state = Mutex(State())
    /// Waited for before anything ends; nil: nothing is.
    private let gate: AsyncStream<Void>?

    init(gate: AsyncStream<Void>? = nil) { self.gate = gate }

    func eject() async throws -> String {
        if let gate { for await _ in gate { break } }
        try take("eject")
        return "sda"
    }

    func offer(_ device: String, as kind: FormatPlan.Kind) async throws -> FormatOffer {
        FormatOffer(
            disk: "sda", size: 64_000_000_000, model: "Cruzer <b>", serial: "4711",
            volumes: [.init(device: "sda1", fileSystem: "vfat", label: "<i>photos</i>")], isInPlace: true,
            seal: state.withLock { $0.seal })
    }

    func format(_ device: String, as kind: FormatPlan.Kind, seal: String) async throws -> DriveRecord {
        try take("format \(device) \(kind.rawValue) \(seal)")
        return DriveRecord("sda1", .attached)
    }

    private func take(_ what: String) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.done.append(what)
        }
    }
}

/// A drive with footage, and what tells of it.
struct StagedFootage {
    let folder = TemporaryDirectory()
    let index: FootageIndex
    let figures = FootageFigures()
    let shelf: FootageShelf

    init(_ door: StagedDrives = StagedDrives(), records: [DriveRecord] = [DriveRecord("sda1", .attached)]) throws {
        index = try FootageIndex(nil)
        let desk = DriveDesk(
            door, audit: { _ in }, now: { RelayDeskTests.time(0) }, logger: RelayDeskTests.logger)
        shelf = FootageShelf(
            desk: desk, archive: FootageArchive(index, top: folder.path), figures: figures, records: { records },
            cameras: ["front", "rear"], storage: StorageConfiguration())
    }

    /// A clip on the drive, which the index knows.
    func clip(_ path: String, at time: Int64, _ content: String = "0123456789") throws {
        folder.write(content, to: path)
        let clip = Clip(path: path, time: time, size: Int64(content.utf8.count))
        try index.put([clip], walk: 1, protections: Protections())
    }

    /// Everything on the drive has been met.
    func look(_ change: (inout FootageSight) -> Void = { _ in }) throws {
        var sight = FootageSight(
            isReadOnly: false, space: FileSystemSpace(size: 2_000_000_000_000, available: 500_000_000_000),
            isWalking: false)
        sight.figures = FootageSight.Figures(
            total: try index.total(), oldest: try index.oldestTime(), rate: 1e6, newest: [:], habits: [:])
        change(&sight)
        figures.put(.seen(sight))
    }
}
