public import Hardware
import Platform
public import Site
import Synchronization

/// The board's own figures as readings of the subject `board`.
public final class BoardCollector: Collector {
    public let name = "board"
    public let interval: Duration
    /// Longer than the board's own deadline, which says more precisely what hangs.
    public let deadline = Duration.seconds(5)

    private let board: Board
    /// The metrics of the last look: what can be overdue, and what can be gone.
    private let known = Mutex<[Metric]>([])

    public init(_ board: Board, interval: Duration) {
        self.board = board
        self.interval = interval
    }

    public func collect(at time: Timestamp) async -> [Reading] {
        let figures: [BoardFigure]
        do {
            figures = try await board.figures()
        } catch {
            return overdue(at: time)
        }
        let readings = figures.map { $0.reading(at: time) }
        let metrics = readings.map(\.metric)
        let before = known.withLock { known in
            defer { known = metrics }
            return known
        }
        // Once, so that the last value of a drive that was pulled does not stand as the newest for ever.
        let gone = Set(before).subtracting(metrics).sorted { $0.name < $1.name }
        return readings + gone.map { Reading($0, at: time, noData: NoData(.notPresent, "it is no longer there")) }
    }

    public func overdue(at time: Timestamp) -> [Reading] {
        let known = known.withLock { $0 }
        return known.map {
            Reading($0, at: time, noData: NoData(.timeout, "the kernel does not answer"))
        }
    }
}

extension BoardFigure {
    /// The figure as a reading of the subject `board`; the names of quantities are the same on both sides.
    func reading(at time: Timestamp) -> Reading {
        let metric = Metric(
            "board", Site.Quantity(rawValue: quantity.rawValue), instance: instance, unit: quantity.unit)
        return switch outcome {
        case .success(let value): Reading(metric, at: time, value: value)
        case .failure(let fault): Reading(metric, at: time, noData: NoData(fault.reason, fault.description))
        }
    }
}

extension BoardFigure.Quantity {
    var unit: Unit {
        switch self {
        case .temperature, .gpuTemperature: .celsius
        case .cpuUsage, .cardLifeUsed, .gpuUsage: .percent
        case .memoryTotal, .memoryAvailable, .filesystemSize, .filesystemFree, .diskWritten, .diskRead,
            .networkReceived, .networkTransmitted, .gpuMemoryUsed:
            .byte
        case .uptime: .second
        case .underVoltage, .underVoltageSinceBoot, .throttled, .throttledSinceBoot, .load1m, .load5m, .load15m,
            .filesystemReadOnly, .cardReserve, .networkReceiveErrors, .networkTransmitErrors, .networkLink:
            .none
        }
    }
}

extension BoardFault {
    fileprivate var reason: NoData.Reason {
        switch kind {
        case .unreadable: .busError
        case .garbage: .outOfRange
        case .hung: .timeout
        }
    }
}
