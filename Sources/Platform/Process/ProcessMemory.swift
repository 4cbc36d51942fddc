/// The memory of this process in bytes, shared pages counted by their share (proc_pid_smaps_rollup(5)).
public struct ProcessMemory: Hashable, Sendable {
    /// Proportional set size: what would be free if the process ended.
    public let proportional: UInt64
    /// Of it, pages that belong to no file.
    public let proportionalAnonymous: UInt64
    public let resident: UInt64

    /// Nil when the text lacks a line.
    public init?(smapsRollup text: String) {
        var kilobytes: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count == 3, words[2] == "kB", let value = UInt64(words[1]) else { continue }
            kilobytes[words[0]] = value
        }
        guard let pss = kilobytes["Pss:"], let anonymous = kilobytes["Pss_Anon:"], let rss = kilobytes["Rss:"] else {
            return nil
        }
        proportional = pss * 1024
        proportionalAnonymous = anonymous * 1024
        resident = rss * 1024
    }

    /// Of this process, now.
    ///
    /// Costs the kernel a walk over all pages: not for every second.
    public static func ofThisProcess() throws(SystemError) -> ProcessMemory? {
        ProcessMemory(smapsRollup: try SmallFile.text(at: "/proc/self/smaps_rollup", limit: 8192))
    }
}
