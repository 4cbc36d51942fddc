public import NAS
import Platform
import Site

/// The drive of the cameras, and how it is connected.
public struct DriveFacts: Hashable, Sendable {
    /// The kernel's name of the disk in its place; nil: none is.
    public var disk: String?
    public var isReadOnly: Bool
    /// What was decided about drives, as far as somebody has to know it.
    public var records: [DriveRecord]
    /// What the drive says of itself; nil where nothing was passed on, or nobody could ask.
    public var report: SMARTReport?
    /// Why there is no report.
    public var silence: String?
    /// What the kernel has told of its connection since the start, the newest last; nil when this user may not see it.
    public var resets: [String]?

    public init(
        disk: String? = "sda", isReadOnly: Bool = false, records: [DriveRecord] = [], report: SMARTReport? = nil,
        silence: String? = nil, resets: [String]? = []
    ) {
        self.disk = disk
        self.isReadOnly = isReadOnly
        self.records = records
        self.report = report
        self.silence = silence
        self.resets = resets
    }

    init(of subject: Subject) async throws {
        if subject.isSimulated { throw NotHere("the unit is simulated") }
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        guard site.storage != nil else { throw NotHere("the site file has no drive for footage") }
        let mount = FootageMount(try MountTable())
        let disk = try DriveCounters.present()?.disk
        let source = mount?.source.split(separator: "/").last.map(String.init)
        async let messages = Self.messages(subject)
        let (report, silence) = try await Self.report(of: disk, subject)
        let resets = await messages
        self.init(
            disk: mount == nil ? nil : disk ?? source, isReadOnly: mount?.isReadOnly == true,
            records: DriveRecords(subject.root).all(), report: report, silence: silence, resets: resets)
    }

    /// What a disk says of itself, or why it says nothing.
    private static func report(
        of disk: String?, _ subject: Subject
    ) async throws -> (report: SMARTReport?, silence: String?) {
        guard subject.isPrivileged else { return (nil, "only root may ask it") }
        guard let disk else { return (nil, nil) }
        do {
            let answer = try await subject.commands.run(SMARTReport.question(disk))
            if let report = SMARTReport(smartctl: answer.output) { return (report, nil) }
            return (nil, "its USB bridge does not pass the question on")
        } catch let error as CommandError {
            return (nil, "\(error)")
        }
    }

    /// Of drivers of USB storage: a command that was given up, a device that was set back.
    private static let signs = ["uas_eh_", "USB device number", "cmd cmplt err", "over-current"]

    /// nil where this user may not see them.
    private static func messages(_ subject: Subject) async -> [String]? {
        guard subject.isPrivileged else { return nil }
        let command = Command(
            "journalctl", ["-k", "-b", "-q", "-o", "cat", "--no-pager", "-n", "5000"], timeout: .seconds(4),
            outputLimit: 2 << 20)
        guard let text = try? await subject.commands.run(command).text else { return nil }
        return resets(in: text)
    }

    /// Those of all messages that tell of a connection that does not hold.
    static func resets(in text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { line in
            signs.contains { line.contains($0) } && !line.contains(": new ")
        }
    }
}
