import CLinux
import Glibc

/// What the machine says about its wall clock at one moment.
///
/// Facts only: whether to trust it is decided elsewhere.
public struct ClockFacts: Hashable, Sendable {
    /// Milliseconds since 1970.
    public var wall: Int64
    /// Milliseconds since boot.
    public var sinceBoot: Int64
    /// True while an NTP daemon disciplines the clock: the kernel's `STA_UNSYNC` is clear (adjtimex(2)).
    ///
    /// Setting the clock by hand sets `STA_UNSYNC` again. Nil when the question is not permitted: a sandbox with
    /// `ProtectClock=` forbids adjtimex(2) altogether.
    public var isDisciplined: Bool?
    /// When systemd-timesyncd last brought the clock into line, in wall nanoseconds; nil when it has not in this boot.
    ///
    /// The time of its mark, which it touches each time (systemd-timesyncd.service(8)).
    public var timesyncdMark: Int64?
    /// The kernel set the clock from one that runs while the machine is off: a battery-backed one (`hctosys` of rtc(4)'s
    /// sysfs) or that of the host of a virtual machine.
    public var isSetFromRTC: Bool

    public init(
        wall: Int64, sinceBoot: Int64, isDisciplined: Bool? = nil, timesyncdMark: Int64? = nil,
        isSetFromRTC: Bool = false
    ) {
        self.wall = wall
        self.sinceBoot = sinceBoot
        self.isDisciplined = isDisciplined
        self.timesyncdMark = timesyncdMark
        self.isSetFromRTC = isSetFromRTC
    }

    /// The facts of now; files are looked for under `root`.
    public static func now(root: String = "") -> ClockFacts {
        ClockFacts(
            wall: KernelClock.wall(), sinceBoot: KernelClock.sinceBoot(), isDisciplined: isDisciplinedNow(),
            timesyncdMark: modification("\(root)/run/systemd/timesync/synchronized"),
            isSetFromRTC: isSetFromRTC(root))
    }

    private static func isDisciplinedNow() -> Bool? {
        var state = timex()
        guard linux_adjtimex(&state) >= 0 else { return nil }
        return state.status & linux_sta_unsync == 0
    }

    private static func modification(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        // A time after 2262 does not fit, and is nobody's mark.
        let (seconds, overflows) = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflows ? nil : seconds &+ Int64(status.st_mtim.tv_nsec)
    }

    private static func isSetFromRTC(_ root: String) -> Bool {
        let directory = "\(root)/sys/class/rtc"
        let clocks = (try? SmallFile.names(in: directory)) ?? []
        let isBatteryBacked = clocks.contains {
            (try? SmallFile.text(at: "\(directory)/\($0)/hctosys", limit: 8)) == "1"
        }
        return isBatteryBacked || isVirtual(root)
    }

    /// x86 names its hypervisor among the processor's flags (`X86_FEATURE_HYPERVISOR`); no Raspberry Pi does.
    private static func isVirtual(_ root: String) -> Bool {
        guard let text = try? SmallFile.text(at: "\(root)/proc/cpuinfo", limit: 8192) else { return false }
        let flags = text.split(separator: "\n").first { $0.hasPrefix("flags") }
        return flags?.split(separator: " ").contains("hypervisor") == true
    }
}
