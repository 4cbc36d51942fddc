public import Platform

/// What the kernel counts of the drive that cameras record to.
///
/// It stands in /sys: the drive itself is not asked, and one that is dying holds nobody up.
public struct DriveCounters: Hashable, Sendable {
    /// The kernel's name of the disk: `sda`.
    public var disk: String
    /// Another one each time that a drive is plugged in; empty where the kernel does not count that.
    public var sequence: String
    /// Commands that the disk has answered with an error, or not in time.
    public var errors: UInt64
    /// Errors that ext4 has met on it; nil for other file systems.
    public var fileSystemErrors: UInt64?
    /// Milliseconds in which it was at work.
    public var busy: UInt64
    public var writes: UInt64
    /// Milliseconds that all writes together took, the time in which they waited included.
    public var writing: UInt64
    /// Commands that it has not answered yet.
    public var waiting: UInt64
    /// Reads and writes that it has answered.
    public var answered: UInt64

    public init(
        disk: String, sequence: String, errors: UInt64 = 0, fileSystemErrors: UInt64? = nil, busy: UInt64 = 0,
        writes: UInt64 = 0, writing: UInt64 = 0, waiting: UInt64 = 0, answered: UInt64 = 0
    ) {
        self.disk = disk
        self.sequence = sequence
        self.errors = errors
        self.fileSystemErrors = fileSystemErrors
        self.busy = busy
        self.writes = writes
        self.writing = writing
        self.waiting = waiting
        self.answered = answered
    }

    /// Those of the drive in its place; nil without one.
    public static func present() throws(SystemError) -> DriveCounters? {
        FootageMount(try MountTable()).flatMap { DriveCounters(of: $0) }
    }

    /// nil for a drive that the kernel has forgotten already.
    init?(of mount: FootageMount, root: String = "") {
        let device = mount.block(root: root)
        let place = FileKind(of: "\(device)/partition") == nil ? device : "\(device)/.."
        func text(_ name: String) -> String? { try? SmallFile.text(at: "\(place)/\(name)", limit: 4096) }
        // Documentation/block/stat.rst of the kernel, counted from 1: reads, 5 writes, 8 milliseconds of writes, 9 in flight,
        // 10 milliseconds at work.
        let numbers = (text("stat") ?? "").split(separator: " ").map { UInt64($0) }
        guard numbers.count >= 11, let reads = numbers[0], let writes = numbers[4], let writing = numbers[7],
            let waiting = numbers[8], let busy = numbers[9],
            let event = text("uevent"),
            let disk = event.split(separator: "\n").first(where: { $0.hasPrefix("DEVNAME=") })?.dropFirst(8)
        else { return nil }
        // Of SCSI's disks, and USB's are such: in hexadecimal digits, with 0x.
        let errors = ["device/ioerr_cnt", "device/iotmo_cnt"].compactMap { name in
            text(name).flatMap { UInt64($0.dropFirst(2), radix: 16) }
        }
        let name = mount.source.split(separator: "/").last ?? ""
        let noted = try? SmallFile.text(at: "\(root)/sys/fs/ext4/\(name)/errors_count", limit: 32)
        self.init(
            disk: String(disk), sequence: text("diskseq") ?? "", errors: errors.reduce(0, &+),
            fileSystemErrors: noted.flatMap { UInt64($0) }, busy: busy, writes: writes, writing: writing,
            waiting: waiting, answered: reads &+ writes)
    }
}
