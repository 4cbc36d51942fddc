import Glibc

/// The clocks of the kernel (clock_gettime(2)), in milliseconds.
public enum KernelClock {
    /// Milliseconds since 1970-01-01T00:00:00Z, as the clock is set now.
    public static func wall() -> Int64 { read(CLOCK_REALTIME) }

    /// Milliseconds since boot, suspend included; never set, never goes back.
    public static func sinceBoot() -> Int64 { read(CLOCK_BOOTTIME) }

    /// Time since boot without suspend, to the nanosecond (CLOCK_MONOTONIC): for alarms, and what edges of lines are
    /// stamped with.
    public static func monotonic() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// The random ID of this boot (random(4)): tells a restart of the daemon from one of the machine.
    public static func bootID(root: String = "") throws(SystemError) -> String {
        try SmallFile.text(at: "\(root)/proc/sys/kernel/random/boot_id", limit: 64)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
