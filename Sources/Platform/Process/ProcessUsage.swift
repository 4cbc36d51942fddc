import CLinux
import Glibc

/// What this process uses, as every Prometheus client library reports it.
public struct ProcessUsage: Hashable, Sendable {
    /// Resident set (proc_pid_statm(5), second field); nil where /proc is not mounted.
    public let residentBytes: Int64?
    /// User and system time (getrusage(2)).
    public let processorSeconds: Double
    public let openFiles: Int64?

    public init() {
        residentBytes = Self.residentPages().map { $0 * Int64(sysconf(Int32(_SC_PAGESIZE))) }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        openFiles = Self.countOpenFiles()
    }

    /// Milliseconds from boot to the start of this process (proc_pid_stat(5), field 22).
    public static func startedSinceBoot() -> Int64? {
        guard let text = try? SmallFile.text(at: "/proc/self/stat"),
            // The name of the program, in brackets, may hold anything: count from its end.
            let name = text.lastIndex(of: ")"),
            let ticks = text[name...].split(separator: " ").dropFirst(20).first.flatMap({ Int64($0) })
        else { return nil }
        return ticks * 1000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func residentPages() -> Int64? {
        guard let text = try? SmallFile.text(at: "/proc/self/statm") else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
    }

    /// Since Linux 6.2 the size of the folder is the number; before, it has to be counted.
    private static func countOpenFiles() -> Int64? {
        var status = stat()
        guard stat("/proc/self/fd", &status) == 0 else { return nil }
        if status.st_size > 0 { return Int64(status.st_size) }
        // Not the one that reads the folder.
        return (try? SmallFile.names(in: "/proc/self/fd")).map { Int64($0.count - 1) }
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
