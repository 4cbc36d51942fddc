/// Network interfaces: bytes, errors, link (sysfs-class-net).
struct BoardNetwork {
    private var counters = WrappingCounters()

    init() {}

    /// Interfaces of containers, bridges and tests: no cable, no site.
    private static let passedOver = [
        "veth", "docker", "br-", "virbr", "cni", "flannel", "cali", "lxc", "dummy", "ifb", "tunl", "sit", "ip6tnl",
        "gre",
        "erspan", "teql", "nlmon",
    ]

    mutating func figures(_ files: BoardFiles) -> [BoardFigure] {
        let names = files.names(in: "/sys/class/net").filter { name in
            name != "lo" && !Self.passedOver.contains { name.hasPrefix($0) }
                && files.exists("/sys/class/net/\(name)/statistics")
        }
        return names.flatMap { figures(of: $0, files) }
    }

    private mutating func figures(of name: String, _ files: BoardFiles) -> [BoardFigure] {
        let directory = "/sys/class/net/\(name)"
        let statistics: [(BoardFigure.Quantity, String)] = [
            (.networkReceived, "rx_bytes"), (.networkTransmitted, "tx_bytes"), (.networkReceiveErrors, "rx_errors"),
            (.networkTransmitErrors, "tx_errors"),
        ]
        let traffic = statistics.flatMap { quantity, file in
            figure(quantity, name) { () throws(BoardFault) in
                guard let raw = try files.counter("\(directory)/statistics/\(file)") else { return nil }
                return counters.value(raw, of: "\(name) \(file)")
            }
        }
        return traffic + figure(.networkLink, name) { () throws(BoardFault) in try Self.link(directory, files) }
    }

    /// `operstate` of RFC 2863; tunnels and modems say `unknown`, then the carrier tells.
    private static func link(_ directory: String, _ files: BoardFiles) throws(BoardFault) -> Double? {
        guard let state = try files.text("\(directory)/operstate") else { return nil }
        switch state {
        case "up": return 1
        case "unknown": return (try files.integer("\(directory)/carrier")).map { $0 == 1 ? 1 : 0 }
        case "down", "lowerlayerdown", "dormant", "notpresent", "testing": return 0
        default: throw BoardFiles.garbage("\(directory)/operstate", state)
        }
    }
}
