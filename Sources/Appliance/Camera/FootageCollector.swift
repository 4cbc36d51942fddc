import NAS
public import Site

/// What is known of the footage as readings of the subject `footage`; it asks nobody, and never waits.
public struct FootageCollector: Collector {
    public let name = "footage"
    public let interval = Duration.seconds(60)
    public let deadline = Duration.seconds(5)

    private let figures: FootageFigures
    private let cameras: [String]

    public init(_ figures: FootageFigures, cameras: [String]) {
        self.figures = figures
        self.cameras = cameras
    }

    public func collect(at time: Timestamp) async -> [Reading] {
        switch figures.state {
        case .unknown: none(at: time, NoData(.notPresent, "nobody has looked at the drive yet"))
        case .noDrive: none(at: time, NoData(.notPresent, "no drive is in its place"))
        case .hung: none(at: time, NoData(.timeout, "the drive does not answer"))
        case .seen(let sight):
            sight.figures.map { readings($0, sight.outlook, at: time) }
                ?? none(at: time, NoData(.notPresent, "the drive is still being looked through"))
        }
    }

    public func overdue(at time: Timestamp) -> [Reading] { none(at: time, NoData(.timeout)) }

    private func readings(
        _ figures: FootageSight.Figures, _ outlook: RetentionDecider.Outlook?, at time: Timestamp
    ) -> [Reading] {
        func age(_ metric: Metric, _ of: Int64?) -> Reading {
            guard let of else { return Reading(metric, at: time, noData: NoData(.notPresent, "there is no clip")) }
            return Reading(metric, at: time, value: max(0, Double(time.wall - of) / 1000))
        }
        let keeps =
            outlook.map { Reading(Self.keeps, at: time, value: $0.kept / .seconds(1)) }
            ?? Reading(Self.keeps, at: time, noData: NoData(.notPresent, "too little has been recorded"))
        let rate =
            figures.rate.map { Reading(Self.rate, at: time, value: $0) }
            ?? Reading(Self.rate, at: time, noData: NoData(.notPresent, "too little has been recorded"))
        return [
            Reading(Self.clips, at: time, value: Double(figures.total.clips)),
            Reading(Self.size, at: time, value: Double(figures.total.size)), rate, keeps,
            age(Self.kept, figures.oldest),
        ] + cameras.map { age(Self.newest($0), figures.newest[$0]) }
    }

    private func none(at time: Timestamp, _ reason: NoData) -> [Reading] {
        ([Self.clips, Self.size, Self.rate, Self.keeps, Self.kept] + cameras.map(Self.newest)).map {
            Reading($0, at: time, noData: reason)
        }
    }

    private static let clips = Metric("footage", .clips, unit: .none)
    private static let size = Metric("footage", .size, unit: .byte)
    private static let rate = Metric("footage", .rate, unit: .bytePerSecond)
    private static let keeps = Metric("footage", .keeps, unit: .second)
    private static let kept = Metric("footage", .kept, unit: .second)

    private static func newest(_ camera: String) -> Metric {
        Metric("footage", .newestAge, instance: camera, unit: .second)
    }
}
