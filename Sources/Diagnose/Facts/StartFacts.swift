import Foundation
import Platform
import Site

/// How long this boot lasts, how the one before ended, and how many there were lately.
public struct StartFacts: Hashable, Sendable {
    /// Milliseconds.
    public var sinceBoot: Int64
    /// The hardware watchdog brought this boot about; nil where nothing tells it.
    public var wasWatchdog: Bool?
    /// Starts within the last day; nil where this user may not see the journal, or it forgets them.
    public var recent: Int?
    /// The boot before ended with a shutdown; nil where nothing tells it.
    public var wasShutDown: Bool?

    public init(sinceBoot: Int64, wasWatchdog: Bool? = nil, recent: Int? = nil, wasShutDown: Bool? = nil) {
        self.sinceBoot = sinceBoot
        self.wasWatchdog = wasWatchdog
        self.recent = recent
        self.wasShutDown = wasShutDown
    }

    /// `bootstatus` of the kernel's watchdog class; 0x20 is WDIOF_CARDRESET (linux/watchdog.h).
    init(of subject: Subject) async throws {
        let status = try? SmallFile.text(at: "/sys/class/watchdog/watchdog0/bootstatus", limit: 16)
        self.init(sinceBoot: KernelClock.sinceBoot(), wasWatchdog: status.flatMap { Int($0) }.map { $0 & 0x20 != 0 })
        guard subject.isPrivileged else { return }
        let text = try? await subject.commands.run(
            Command("journalctl", ["--list-boots", "-q", "--utc", "--no-pager"], timeout: .seconds(3))
        ).text
        let starts = Self.starts(text ?? "")
        guard !starts.isEmpty else { return }
        recent = starts.count { $0 > KernelClock.wall() - 86_400_000 }
        guard starts.count > 1 else { return }
        let last = try? await subject.commands.run(
            Command("journalctl", ["-b", "-1", "-n", "5", "-q", "-o", "cat", "--no-pager"], timeout: .seconds(3))
        ).text
        // systemd-journald says so when it is stopped, which is nearly the last of all.
        wasShutDown = last?.contains("Journal stopped")
    }

    /// Wall milliseconds of the first entry of each boot: the first time of each line, in whatever form the release prints it.
    static func starts(_ text: String) -> [Int64] {
        text.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/).flatMap {
                ISO8601.milliseconds("\($0.1)T\($0.2)Z")
            }
        }
    }
}
