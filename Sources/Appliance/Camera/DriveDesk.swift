public import Logging
public import NAS
import Platform
public import Site
public import Web

/// The one door to what people ask of drives: to let one go, and to erase one.
///
/// Who may ask is said at the route; here it is written down, done one at a time, and its end is told to whoever asks
/// later: it may last longer than a request.
public actor DriveDesk {
    /// Stores entries of the audit log.
    public typealias Audit = @Sendable ([AuditEntry]) async throws -> Void

    private let door: any DriveDoor
    private let audit: Audit
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private var running: Task<Void, Never>?
    /// What is being done, or was done last.
    public private(set) var work: DriveWork?

    /// So long who asks waits for the end; most drives are let go within three seconds.
    private static let patience = Duration.seconds(8)

    /// - Parameter clock: For waiting.
    public init(
        _ door: any DriveDoor, audit: @escaping Audit, clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.door = door
        self.audit = audit
        self.clock = clock
        self.now = now
        self.logger = logger
    }

    /// Has everything written to the drive in its place, and lets it go.
    ///
    /// - Throws: `Problem` 409 `footage.busy` while another is at work; what it came to when that was soon.
    public func eject(by origin: Origin) async throws(Problem) -> DriveWork {
        let door = door
        return try await begin(.eject, "the drive in its place", by: origin) {
            let disk = try await door.eject()
            return "\(disk) may be pulled out."
        }
    }

    /// What would be erased; nothing is done.
    ///
    /// - Throws: `Problem`: why it may not be.
    public func offer(_ device: String, as kind: FormatPlan.Kind) async throws(Problem) -> FormatOffer {
        do { return try await door.offer(device, as: kind) } catch { throw Problem(drive: error) }
    }

    /// Erases what was offered.
    ///
    /// - Parameters:
    ///   - seal: That of the offer.
    ///   - name: What the person has typed to show that they mean this drive.
    /// - Throws: `Problem` 409 `nas.changed`, 400 `nas.unconfirmed`; 409 `footage.busy`.
    public func format(
        _ device: String, as kind: FormatPlan.Kind, seal: String, name: String, by origin: Origin
    ) async throws(Problem) -> DriveWork {
        let offer = try await offer(device, as: kind)
        guard offer.seal == seal else {
            throw Problem(
                status: 409, code: "nas.changed",
                detail: "\(offer.disk) is not what it was when it was asked about. Nothing was done.")
        }
        guard offer.name == name else {
            throw Problem(
                status: 400, code: "nas.unconfirmed",
                detail: "Nothing was erased: type \(offer.name.plain) to erase \(offer.disk).")
        }
        let door = door
        return try await begin(.format, "\(offer.disk) (\(offer.name.plain)) as \(kind.rawValue)", by: origin) {
            let record = try await door.format(device, as: kind, seal: seal)
            return record.message ?? "Cameras can record to \(record.device)."
        }
    }

    /// Returns when nothing is at work any more.
    func finished() async { await running?.value }

    private func begin(
        _ kind: DriveWork.Kind, _ subject: String, by origin: Origin,
        _ body: @escaping @Sendable () async throws -> String
    ) async throws(Problem) -> DriveWork {
        guard running == nil else {
            throw Problem(
                status: 409, code: "footage.busy",
                detail: "Another drive is being looked after just now: \(work?.kind.rawValue ?? "").", retryAfter: 5)
        }
        let begun = DriveWork(kind, since: WallTime(milliseconds: now().wall), who: origin.actor)
        work = begun
        // Of its own: who asked may go, and what was begun is ended.
        let task = Task { await self.carryOut(begun, subject, by: origin, body) }
        running = task
        try? await withDeadline(Self.patience, clock: clock) { await task.value }
        let latest = work ?? begun
        if latest.since == begun.since, let code = latest.code {
            throw Problem(drive: Failure(code, latest.message ?? "It has failed."))
        }
        return latest
    }

    private func carryOut(
        _ begun: DriveWork, _ subject: String, by origin: Origin, _ body: @Sendable () async throws -> String
    ) async {
        await note(begun, subject, origin, "asked")
        var ended = begun
        do {
            ended.message = try await body()
            ended.state = .done
        } catch {
            let failure = error as? Failure ?? Failure("nas.failed", "\(error)")
            ended.state = .failed
            ended.code = failure.code
            ended.message = failure.description
        }
        work = ended
        running = nil
        await note(begun, subject, origin, ended.code.map { "refused: \($0)" } ?? "done")
    }

    /// A card that takes nothing keeps nobody from ejecting a drive.
    private func note(_ begun: DriveWork, _ subject: String, _ origin: Origin, _ outcome: String) async {
        let entry = AuditEntry(
            time: now(), actor: origin.actor, origin: origin.place, action: .init("drive.\(begun.kind.rawValue)"),
            subject: subject, details: outcome)
        do { try await audit([entry]) } catch {
            logger.error("what was asked of a drive is not in the audit log", metadata: ["error": "\(error)"])
        }
    }
}

extension Problem {
    /// What keeps a drive from being let go, or erased.
    init(drive error: any Error) {
        guard let failure = error as? Failure else {
            self.init(status: 503, code: "nas.failed", detail: "\(error)", retryAfter: 5)
            return
        }
        // Root could not be asked; or the drive, or who uses it, is in the way.
        let isAway = failure.code.hasPrefix("root.")
        self.init(
            status: isAway ? 503 : 409, code: failure.code, detail: failure.description, retryAfter: isAway ? 5 : nil)
    }
}
