import Glibc
import Platform

/// Makes the kernel forget a drive, after it has flushed the drive's own cache and stopped it.
///
/// systemd then ends the drive's unit, and it may be pulled out.
struct DriveStop: PlanWork {
    static let step = "stop"

    let disk: String

    func isDone() -> Bool { FileKind(of: "/sys/block/\(disk)") == nil }

    func carryOut() throws {
        try Descriptor(opening: "/sys/block/\(disk)/device/delete", O_WRONLY).write("1\n")
    }

    /// Whether a drive may be stopped: the whole of it goes, with all that is on it.
    ///
    /// - Throws: `nas.notUSB`, `nas.inUse`: never a disk of the system's, nor one that anybody else uses.
    static func check(_ disk: BlockDevice) throws(Failure) {
        guard disk.isOnUSB else {
            throw Failure(
                "nas.notUSB", "\(disk.path) is no drive on USB: it is not stopped.",
                hint: "umount \(FootageMount.point)"
            )
        }
        if let use = disk.use {
            throw Failure("nas.inUse", "\(disk.path) is not stopped: \(use).", hint: "unmount that first")
        }
    }
}
