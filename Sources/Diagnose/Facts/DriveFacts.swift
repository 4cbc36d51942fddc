public import NAS
import Platform

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
        self.init(
            disk: mount == nil ? nil : disk ?? mount?.source.split(separator: "/").last.map(String.init),
            isReadOnly: mount?.isReadOnly == true, records: DriveRecords(subject.root).all(), resets: nil)
        guard subject.isPrivileged else {
            silence = "only root may ask it"
            return
        }
        async let messages = Self.messages(subject.commands)
        if let disk {
            do {
                let answer = try await subject.commands.run(SMARTReport.question(disk))
                report = SMARTReport(smartctl: answer.output)
                silence = report == nil ? "its USB bridge does not pass the question on" : nil
            } catch let error as CommandError {
                silence = "\(error)"
            }
        }
        resets = await messages
    }

    /// Of drivers of USB storage: a command that was given up, a device that was set back.
    private static let signs = ["uas_eh_", "USB device number", "cmd cmplt err", "over-current"]

    private static func messages(_ commands: any CommandRunner) async -> [String]? {
        let command = Command(
            "journalctl", ["-k", "-b", "-q", "-o", "cat", "--no-pager", "-n", "5000"], timeout: .seconds(4),
            outputLimit: 2 << 20)
        guard let text = try? await commands.run(command).text else { return nil }
        return resets(in: text)
    }

    /// Those of all messages that tell of a connection that does not hold.
    static func resets(in text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { line in
            signs.contains { line.contains($0) } && !line.contains(": new ")
        }
    }
}
