import Glibc
import NIOCore
import Synchronization

/// The figures of this process that every Prometheus client library gives.
final class ProcessFigures: Sendable {
    /// When the process started, on the boot clock (proc_pid_stat(5), field 22).
    private let started: Int64?
    /// What was last said of the start; wall time moves under it when the clock is set.
    private let lastStart = Mutex<Int64>(0)

    init() {
        let ticks = Self.read("/proc/self/stat").flatMap { text -> Int64? in
            // The name of the program, in brackets, may hold anything: count from its end.
            text.lastIndex(of: ")").flatMap { Int64(text[$0...].split(separator: " ")[20]) }
        }
        started = ticks.map { $0 * 1000 / Int64(sysconf(CInt(_SC_CLK_TCK))) }
    }

    /// - Parameter now: wall milliseconds.
    func write(to text: inout ByteBuffer, now: Int64) {
        if let pages = Self.residentPages() {
            text.writeStaticString(
                """
                # HELP process_resident_memory_bytes Resident memory size in bytes.
                # TYPE process_resident_memory_bytes gauge
                process_resident_memory_bytes\u{20}
                """)
            text.writeNumber(pages * Int64(sysconf(CInt(_SC_PAGESIZE))))
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        text.writeStaticString(
            """

            # HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total\u{20}
            """)
        text.writeNumber(Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime))
        if let descriptors = Self.openDescriptors() {
            text.writeStaticString(
                """

                # HELP process_open_fds Number of open file descriptors.
                # TYPE process_open_fds gauge
                process_open_fds\u{20}
                """)
            text.writeNumber(descriptors)
        }
        if let started {
            text.writeStaticString(
                """

                # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
                # TYPE process_start_time_seconds gauge
                process_start_time_seconds\u{20}
                """)
            text.writeSeconds(milliseconds: start(started, now: now))
        }
        text.writeInteger(UInt8(ascii: "\n"))
    }

    /// The start in wall time, steady while the clock is: it follows only when it is off by a second.
    private func start(_ started: Int64, now: Int64) -> Int64 {
        var boot = timespec()
        clock_gettime(CLOCK_BOOTTIME, &boot)
        let start = now - (Int64(boot.tv_sec) * 1000 + Int64(boot.tv_nsec) / 1_000_000) + started
        return lastStart.withLock { last in
            if abs(last - start) > 1000 { last = start }
            return last
        }
    }

    /// proc_pid_statm(5), second field.
    private static func residentPages() -> Int64? {
        read("/proc/self/statm").flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Int64($0) } }
    }

    /// Since Linux 6.2 the size of the folder is the number; before, it has to be counted.
    private static func openDescriptors() -> Int64? {
        var status = stat()
        guard stat("/proc/self/fd", &status) == 0 else { return nil }
        if status.st_size > 0 { return Int64(status.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        // Not `.`, not `..`, not the one that reads.
        var count: Int64 = -3
        while readdir(folder) != nil { count += 1 }
        return count
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
            count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
