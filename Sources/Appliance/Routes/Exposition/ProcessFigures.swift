import NIOCore
import Platform
import Synchronization

/// The figures of this process that every Prometheus client library gives.
final class ProcessFigures: Sendable {
    /// When the process started, on the boot clock (proc_pid_stat(5), field 22).
    private let started: Int64?
    /// What was last said of the start; wall time moves under it when the clock is set.
    private let lastStart = Mutex<Int64>(0)

    init() { started = ProcessUsage.startedSinceBoot() }

    /// - Parameter now: wall milliseconds.
    func write(to text: inout ByteBuffer, now: Int64) {
        let usage = ProcessUsage()
        if let bytes = usage.residentBytes {
            text.writeStaticString(
                """
                # HELP process_resident_memory_bytes Resident memory size in bytes.
                # TYPE process_resident_memory_bytes gauge
                process_resident_memory_bytes\u{20}
                """)
            text.writeNumber(bytes)
        }
        text.writeStaticString(
            """

            # HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total\u{20}
            """)
        text.writeNumber(usage.processorSeconds)
        if let files = usage.openFiles {
            text.writeStaticString(
                """

                # HELP process_open_fds Number of open file descriptors.
                # TYPE process_open_fds gauge
                process_open_fds\u{20}
                """)
            text.writeNumber(files)
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
        let start = now - KernelClock.sinceBoot() + started
        return lastStart.withLock { last in
            if abs(last - start) > 1000 { last = start }
            return last
        }
    }
}
