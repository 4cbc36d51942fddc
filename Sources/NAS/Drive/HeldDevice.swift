import Glibc

/// A device that is open, and whose name the kernel therefore gives to no other drive, as long as this lives.
///
/// A drive that is pulled out keeps its number until nobody has it open any more (sd of the kernel: the index is freed with
/// the disk's last user). So what was decided about `sda` is not done to the drive that comes next.
///
/// It is no claim: others check, mount and write to the device meanwhile.
final class HeldDevice: Sendable {
    private let file: Int32

    /// nil when there is no such device.
    init?(_ path: String) {
        // Without waiting for a medium.
        let number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { return nil }
        file = number
    }

    deinit { close(file) }
}
