/// Load, processor usage, memory and uptime (proc(5)).
struct BoardProcessor {
    /// Jiffies of all cores since boot.
    private struct Times: Hashable {
        var busy: UInt64
        var idle: UInt64
    }

    private var before: Times?
    private var lastUsage: Double?

    /// Takes a first look, so that the first usage is that since now and not since boot.
    init(_ files: BoardFiles) {
        before = (try? Self.times(files)) ?? nil
    }

    mutating func figures(_ files: BoardFiles) -> [BoardFigure] {
        Self.load(files) + figure(.cpuUsage) { () throws(BoardFault) in try usage(files) } + Self.memory(files)
            + figure(.uptime) { () throws(BoardFault) in try Self.uptime(files) }
    }

    private mutating func usage(_ files: BoardFiles) throws(BoardFault) -> Double? {
        guard let now = try Self.times(files) else { return nil }
        guard let before else {
            self.before = now
            return nil
        }
        // No tick has passed since the last look: its answer still stands.
        guard now != before else { return lastUsage }
        self.before = now
        guard now.busy >= before.busy, now.idle >= before.idle else {
            // "iowait ... may decrease in certain conditions" (proc_stat(5)): such an interval says nothing.
            throw BoardFault(.garbage, "the times in /proc/stat went back")
        }
        let busy = now.busy - before.busy
        let usage = 100 * Double(busy) / Double(busy + now.idle - before.idle)
        lastUsage = usage
        return usage
    }

    /// `cpu user nice system idle iowait irq softirq steal guest guest_nice`; guest time is in user already.
    private static func times(_ files: BoardFiles) throws(BoardFault) -> Times? {
        guard let text = try files.text("/proc/stat") else { return nil }
        let line = text.prefix { $0 != "\n" }
        let fields = line.split(separator: " ")
        let numbers = fields.dropFirst().prefix(8).compactMap { UInt64($0) }
        guard fields.first == "cpu", numbers.count >= 4, numbers.count == min(8, fields.count - 1),
            numbers.allSatisfy({ $0 < 1 << 56 })
        else { throw BoardFiles.garbage("/proc/stat", line) }
        let idle = numbers[3] + (numbers.count > 4 ? numbers[4] : 0)
        return Times(busy: numbers.reduce(0, +) - idle, idle: idle)
    }

    private static func load(_ files: BoardFiles) -> [BoardFigure] {
        let path = "/proc/loadavg"
        let quantities: [BoardFigure.Quantity] = [.load1m, .load5m, .load15m]
        return quantities.enumerated().flatMap { index, quantity in
            figure(quantity) { () throws(BoardFault) in
                guard let text = try files.text(path) else { return nil }
                let fields = text.split(separator: " ")
                guard fields.count >= 3, let value = Double(fields[index]), value.isFinite, value >= 0 else {
                    throw BoardFiles.garbage(path, text)
                }
                return value
            }
        }
    }

    private static func memory(_ files: BoardFiles) -> [BoardFigure] {
        let path = "/proc/meminfo"
        let lines: [(BoardFigure.Quantity, String)] = [
            (.memoryTotal, "MemTotal:"), (.memoryAvailable, "MemAvailable:"),
        ]
        return lines.flatMap { quantity, key in
            figure(quantity) { () throws(BoardFault) in
                guard let text = try files.text(path) else { return nil }
                guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
                let fields = line.split(separator: " ")
                guard fields.count == 3, fields[2] == "kB", let value = UInt64(fields[1]), value < 1 << 50 else {
                    throw BoardFiles.garbage(path, line)
                }
                return Double(value * 1024)
            }
        }
    }

    private static func uptime(_ files: BoardFiles) throws(BoardFault) -> Double? {
        guard let text = try files.text("/proc/uptime") else { return nil }
        guard let field = text.split(separator: " ").first, let value = Double(field), value.isFinite, value >= 0 else {
            throw BoardFiles.garbage("/proc/uptime", text)
        }
        return value
    }
}
