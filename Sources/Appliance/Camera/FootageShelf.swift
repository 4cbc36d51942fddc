public import NAS
import Platform
public import Site
import Web

/// What is told of the footage and of its drive, to people and to programs.
public struct FootageShelf: Sendable {
    /// What is asked of drives.
    public let desk: DriveDesk
    /// What is in clips.
    let archive: FootageArchive
    private let figures: FootageFigures
    private let records: @Sendable () -> [DriveRecord]
    private let cameras: [String]
    private let storage: StorageConfiguration

    /// - Parameters:
    ///   - figures: Of who looks after the footage.
    ///   - records: What was decided about drives.
    ///   - cameras: Those of the site file.
    public init(
        desk: DriveDesk, archive: FootageArchive, figures: FootageFigures,
        records: @escaping @Sendable () -> [DriveRecord], cameras: [String], storage: StorageConfiguration
    ) {
        self.desk = desk
        self.archive = archive
        self.figures = figures
        self.records = records
        self.cameras = cameras
        self.storage = storage
    }

    /// All that there is to know at this moment.
    ///
    /// - Throws: `Problem` 503 when the index does not answer.
    func document() async throws(Problem) -> FootageDocument {
        let all = records()
        let present = all.first { $0.outcome == .attached || $0.outcome == .readOnly }
        var document = FootageDocument(state: .unknown, work: await desk.work)
        document.drives = all.filter { $0.device != present?.device }.map { record -> FootageDocument.Drive in
            .init(
                device: record.device, outcome: record.outcome.rawValue, message: record.message, hint: record.hint)
        }
        var totals: [CameraTotal] = []
        switch figures.state {
        case .unknown: break
        case .noDrive: document.state = .missing
        case .hung: document.state = .silent
        case .seen(let sight):
            document.state = sight.isReadOnly ? .readOnly : .recording
            document.device = present?.device
            document.size = Int64(clamping: sight.space.size)
            document.available = Int64(clamping: sight.space.available)
            document.holdings = holdings(sight)
            if document.holdings != nil { totals = try await Self.reading { try await archive.cameras() } }
        }
        document.cameras = recorded(totals)
        return document
    }

    /// What cameras have recorded by quarters of an hour; empty while the drive is not known.
    func quarters() async throws(Problem) -> [FootageQuarter] {
        guard isKnown else { return [] }
        return try await Self.reading { try await archive.quarters() }
    }

    /// Clips, newest first; none while the drive is not known.
    func clips(_ query: ClipQuery) async throws(Problem) -> [ListedClip] {
        guard isKnown else { return [] }
        return try await Self.reading { try await archive.clips(query) }
    }

    /// A clip on the drive.
    ///
    /// - Throws: `Problem` 404 `clip.unknown`; 503 for a drive that does not answer.
    func file(_ path: String) async throws(Problem) -> ClipFile {
        guard isKnown, let file = try await Self.reading({ try await archive.file(path) }) else {
            throw Problem(status: 404, code: "clip.unknown", detail: "There is no such clip on the drive now.")
        }
        return file
    }

    /// The index is of the drive that is in its place; what it says of an earlier one is nobody's business.
    private var isKnown: Bool {
        guard case .seen(let sight) = figures.state else { return false }
        return sight.figures != nil
    }

    private func holdings(_ sight: FootageSight) -> FootageDocument.Holdings? {
        guard let figures = sight.figures else { return nil }
        var holdings = FootageDocument.Holdings(
            clips: figures.total.clips, size: figures.total.size, promised: storage.retention / .seconds(1))
        holdings.oldest = figures.oldest.map { WallTime(milliseconds: $0) }
        holdings.rate = figures.rate
        holdings.keeps = sight.outlook.map { $0.kept / .seconds(1) }
        holdings.full = sight.outlook.map { WallTime(milliseconds: $0.full) }
        holdings.asks = sight.asks?.size
        holdings.isFrozen = sight.isFrozen ? true : nil
        return holdings
    }

    /// What each camera has recorded, those of the site file first.
    private func recorded(_ totals: [CameraTotal]) -> [FootageDocument.Camera] {
        let others = totals.map(\.camera).filter { !cameras.contains($0) }
        return (cameras + others).map { id -> FootageDocument.Camera in
            guard let total = totals.first(where: { $0.camera == id }) else { return .init(id: id) }
            return .init(
                id: id, clips: total.total.clips, size: total.total.size,
                oldest: WallTime(milliseconds: total.oldest), newest: WallTime(milliseconds: total.newest),
                isOfSite: cameras.contains(id))
        }
    }

    private static func reading<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(Problem) -> Value {
        do { return try await body() } catch {
            throw Problem(
                status: 503, code: "footage.unreadable", detail: "The footage cannot be looked at now: \(error).",
                retryAfter: 10)
        }
    }
}
