/// Graphics processors, as far as sysfs tells: VideoCore (driver v3d) and AMD (amdgpu).
struct BoardGraphics {
    /// Nanoseconds of one card: the clock, and how long its busiest queue has run.
    private struct Work {
        var clock: UInt64
        var run: [String: UInt64]
    }

    private var before: [String: Work] = [:]

    init() {}

    mutating func figures(_ files: BoardFiles) -> [BoardFigure] {
        // `card0`, not its connectors (`card0-HDMI-A-1`).
        let cards = files.names(in: "/sys/class/drm").filter { $0.hasPrefix("card") && Int($0.dropFirst(4)) != nil }
        return cards.flatMap { figures(of: $0, files) }
    }

    private mutating func figures(of card: String, _ files: BoardFiles) -> [BoardFigure] {
        let device = "/sys/class/drm/\(card)/device"
        let usage = figure(.gpuUsage, card) { () throws(BoardFault) in
            if let percent = try files.integer("\(device)/gpu_busy_percent") {
                guard (0...100).contains(percent) else {
                    throw BoardFiles.garbage("\(device)/gpu_busy_percent", String(percent))
                }
                return Double(percent)
            }
            return try queueUsage(card, "\(device)/gpu_stats", files)
        }
        let memory = figure(.gpuMemoryUsed, card) { () throws(BoardFault) in
            try files.counter("\(device)/mem_info_vram_used").map { Double($0) }
        }
        let temperature = HardwareMonitor.chips(files, in: "\(device)/hwmon").prefix(1).flatMap { chip in
            figure(.gpuTemperature, card) { () throws(BoardFault) in try celsius("\(chip.path)/temp1_input", files) }
        }
        return temperature + usage + memory
    }

    /// `gpu_stats` of v3d: a heading, then `queue timestamp jobs runtime` for each queue, in nanoseconds.
    ///
    /// The share of time that the busiest queue ran since the last look; nil at the first.
    private mutating func queueUsage(_ card: String, _ path: String, _ files: BoardFiles) throws(BoardFault) -> Double?
    {
        guard let text = try files.text(path) else { return nil }
        var now = Work(clock: 0, run: [:])
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count == 4, let clock = UInt64(fields[1]), let run = UInt64(fields[3]) else {
                throw BoardFiles.garbage(path, line)
            }
            now.clock = clock
            now.run[String(fields[0])] = run
        }
        defer { before[card] = now }
        guard let before = before[card], now.clock > before.clock else { return nil }
        let shares = now.run.compactMap { queue, run -> Double? in
            guard let earlier = before.run[queue], run >= earlier else { return nil }
            return 100 * Double(run - earlier) / Double(now.clock - before.clock)
        }
        return shares.max().map { min(100, $0) }
    }
}
