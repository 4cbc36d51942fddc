import Glibc

/// Which of the times of a file says when a clip was finished.
public enum ClipTime: Sendable {
    /// When the file system last changed it (`st_ctim`, stat(2)).
    ///
    /// Nobody can set it: a camera with a wrong clock, which may set the other one, does not have its newest clips deleted
    /// for their age. FAT and exFAT keep no such time, and give the other one.
    case changed
    /// When it was last written to, or what somebody has set for that (`st_mtim`).
    case written

    /// Wall milliseconds.
    func of(_ status: stat) -> Int64 {
        let time = self == .changed ? status.st_ctim : status.st_mtim
        // Whatever stands on a drive: nothing overflows.
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    }
}
