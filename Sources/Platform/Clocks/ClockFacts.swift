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
    /// Setting the clock by hand sets `STA_UNSYNC` again. Nil when the question is not permitted.
    public var isDisciplined: Bool?
    /// systemd-timesyncd has set the clock in this boot (systemd-timesyncd.service(8)).
    public var isSetByTimesyncd: Bool
    /// The kernel set the clock from a battery-backed clock when it started (`hctosys` of rtc(4)'s sysfs).
    public var isSetFromRTC: Bool

    public init(
        wall: Int64, sinceBoot: Int64, isDisciplined: Bool? = nil, isSetByTimesyncd: Bool = false,
        isSetFromRTC: Bool = false
    ) {
        self.wall = wall
        self.sinceBoot = sinceBoot
        self.isDisciplined = isDisciplined
        self.isSetByTimesyncd = isSetByTimesyncd
        self.isSetFromRTC = isSetFromRTC
    }

    /// The facts of now; files are looked for under `root`.
    public static func now(root: String = "") -> ClockFacts {
        ClockFacts(
            wall: KernelClock.wall(), sinceBoot: KernelClock.sinceBoot(), isDisciplined: isDisciplinedNow(),
            isSetByTimesyncd: access("\(root)/run/systemd/timesync/synchronized", F_OK) == 0,
            isSetFromRTC: isSetFromRTC(root))
    }

    private static func isDisciplinedNow() -> Bool? {
        var state = timex()
        guard linux_adjtimex(&state) >= 0 else { return nil }
        return state.status & linux_sta_unsync == 0
    }

    private static func isSetFromRTC(_ root: String) -> Bool {
        let directory = "\(root)/sys/class/rtc"
        let clocks = (try? SmallFile.names(in: directory)) ?? []
        return clocks.contains { (try? SmallFile.text(at: "\(directory)/\($0)/hctosys", limit: 8)) == "1" }
    }
}
