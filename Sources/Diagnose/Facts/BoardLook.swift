import Hardware
import Platform
import Provision
import Site

/// The figures of the computer itself.
struct BoardLook {
    private let subject: Subject

    init(_ subject: Subject) { self.subject = subject }

    func figures() async throws -> [BoardFigure] { try await Board().figures() }
}

/// How long this boot lasts, and how the one before ended.
public struct StartFacts: Hashable, Sendable {
    /// Milliseconds.
    public var sinceBoot: Int64
    /// The hardware watchdog brought this boot about; nil where nothing tells it.
    public var wasWatchdog: Bool?

    public init(sinceBoot: Int64, wasWatchdog: Bool? = nil) {
        self.sinceBoot = sinceBoot
        self.wasWatchdog = wasWatchdog
    }

    /// `bootstatus` of the kernel's watchdog class; 0x20 is WDIOF_CARDRESET (linux/watchdog.h).
    init() {
        let status = try? SmallFile.text(at: "/sys/class/watchdog/watchdog0/bootstatus", limit: 16)
        self.init(sinceBoot: KernelClock.sinceBoot(), wasWatchdog: status.flatMap { Int($0) }.map { $0 & 0x20 != 0 })
    }
}

/// config.txt against the site file and the running device tree.
enum BootLook {
    static func report(_ subject: Subject) throws -> BootReport {
        let tree = try BootTree(root: subject.root.isLive ? "" : subject.root.path)
        guard tree.config != nil else { throw NotHere("this is no Raspberry Pi") }
        let site = try? subject.site.get()
        return try BootCheck.report(of: tree, for: site.map { BootSettings($0) })
    }
}
