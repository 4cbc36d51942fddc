import Site

/// What the site file says of the subjects of metrics: their names, groups and intervals.
struct Subjects: Sendable {
    private let sensors: [String: SensorConfiguration]
    private let order: [String: Int]
    private let boardInterval: Duration
    /// Relays, inputs and registers by their ids.
    private let switches: [String: (name: String, interval: Duration)]

    init(_ file: SiteFile) {
        sensors = Dictionary(file.sensors.map { ($0.id, $0) }) { first, _ in first }
        order = Dictionary(file.sensors.enumerated().map { ($1.id, $0) }) { first, _ in first }
        boardInterval = file.board.interval
        let relays = file.relays.map { ($0.id, ($0.name, RelayReadings.interval)) }
        let inputs = file.inputs.map { ($0.id, ($0.name, $0.interval)) }
        let registers = (file.compatibility.controlByWeb?.registers ?? []).map {
            ($0, ($0.prefix(1).uppercased() + $0.dropFirst(), ControlByWebService.interval))
        }
        switches = Dictionary(relays + inputs + registers) { first, _ in first }
    }

    func sensor(_ subject: String) -> SensorConfiguration? { sensors[subject] }

    func group(_ metric: Metric) -> TileGroup {
        sensors[metric.subject].map(TileGroup.init) ?? TileGroup(unnamed: metric)
    }

    /// Milliseconds between two readings of a metric.
    func interval(_ metric: Metric) -> Int64 {
        let interval = sensors[metric.subject]?.interval ?? known(metric)?.interval ?? boardInterval
        return max(1_000, interval.components.seconds * 1000 + interval.components.attoseconds / 1_000_000_000_000_000)
    }

    func name(_ subject: String) -> String {
        sensors[subject]?.name ?? subject.prefix(1).uppercased() + subject.dropFirst()
    }

    /// `Enclosure temperature`, `/srv/camera free space`, `eth0 received`.
    func label(_ metric: Metric) -> String {
        if let name = known(metric)?.name { return name + " " + metric.quantity.label }
        return switch (metric.subject, metric.instance) {
        case ("board", let instance?): instance + " " + metric.quantity.label
        case (let subject, let instance?): name(subject) + " " + instance + " " + metric.quantity.label
        case (let subject, nil): name(subject) + " " + metric.quantity.label
        }
    }

    /// The relay, input or register of a metric.
    private func known(_ metric: Metric) -> (name: String, interval: Duration)? {
        guard [Metric.relay, Metric.input, Metric.register].contains(metric.subject) else { return nil }
        return metric.instance.flatMap { switches[$0] }
    }

    /// The order of the site file, then by name.
    func precedes(_ left: Metric, _ right: Metric) -> Bool {
        let (first, second) = (order[left.subject] ?? Int.max, order[right.subject] ?? Int.max)
        return first == second ? left.name < right.name : first < second
    }
}

extension Quantity {
    /// The quantity in words, as part of a label.
    var label: String {
        switch rawValue {
        case "load_1m": "load over 1 min"
        case "load_5m": "load over 5 min"
        case "load_15m": "load over 15 min"
        case "cpu_usage": "processor use"
        case "gpu_usage": "GPU use"
        case "gpu_temperature": "GPU temperature"
        case "gpu_memory_used": "GPU memory used"
        case "filesystem_size": "size"
        case "filesystem_free": "free space"
        case "filesystem_read_only": "read-only"
        case "card_life_used": "card life used"
        case "under_voltage": "under-voltage"
        case "under_voltage_since_boot": "under-voltage since boot"
        case "network_received": "received"
        case "network_transmitted": "transmitted"
        case "network_receive_errors": "receive errors"
        case "network_link": "link"
        case "disk_written": "written"
        case "disk_read": "read"
        default: String(rawValue.map { $0 == "_" ? " " : $0 })
        }
    }
}
