public import NAS
import Platform
public import Site

/// How hard the drive of the cameras has it, as readings of the subject `drive`, and as events when that changes.
public actor DriveCollector: Collector {
    public nonisolated let name = "drive"
    public nonisolated let interval = Duration.seconds(60)
    public nonisolated let deadline = Duration.seconds(5)

    private let kernel = Blocking(name: "drive-counters") {}
    private let count: @Sendable () throws -> DriveCounters?
    private let report: @Sendable (Event) async -> Void
    private var strain = DriveStrain()

    /// - Parameter count: What the kernel counts of the drive in its place; nil without one.
    public init(
        count: @escaping @Sendable () throws -> DriveCounters?, report: @escaping @Sendable (Event) async -> Void
    ) {
        self.count = count
        self.report = report
    }

    public func collect(at time: Timestamp) async -> [Reading] {
        let counters: DriveCounters?
        do {
            counters = try await kernel.run(within: .seconds(4)) { [count] _ in try count() }
        } catch {
            return overdue(at: time)
        }
        guard let counters else {
            strain = DriveStrain()
            return Self.none(at: time, NoData(.notPresent, "no drive is in its place"))
        }
        let (figures, changes) = strain.look(counters, at: time.monotonic)
        for change in changes { await report(.drive(change, at: time)) }
        return [
            Reading(Self.errors, at: time, value: Double(figures.errors)),
            figures.busy.map { Reading(Self.busy, at: time, value: $0 * 100) }
                ?? Reading(Self.busy, at: time, noData: NoData(.notPresent, "the drive has just been put in")),
            figures.write.map { Reading(Self.write, at: time, value: $0) }
                ?? Reading(Self.write, at: time, noData: NoData(.notPresent, "nothing was written")),
        ]
    }

    public nonisolated func overdue(at time: Timestamp) -> [Reading] {
        Self.none(at: time, NoData(.timeout, "the kernel does not answer"))
    }

    private static func none(at time: Timestamp, _ reason: NoData) -> [Reading] {
        [errors, busy, write].map { Reading($0, at: time, noData: reason) }
    }

    private static let errors = Metric("drive", .errors, unit: .none)
    private static let busy = Metric("drive", .busy, unit: .percent)
    private static let write = Metric("drive", .writeTime, unit: .second)
}
