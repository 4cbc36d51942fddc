import Glibc

/// Memory of this process that the kernel can read again from the program's own files.
///
/// Starting touches most of a program, running touches little of it. On a board of 512 MB the difference is worth
/// giving back.
public enum ColdPages {
    /// Gives back the pages of programs and libraries; what is still in use comes back by itself, from the page cache.
    ///
    /// Only mappings that no page was ever written to: for those `MADV_DONTNEED` (madvise(2)) loses nothing. The
    /// relocated data of a program is mapped from its file, too, and is not touched.
    ///
    /// - Returns: How many bytes of address space were offered.
    @discardableResult
    public static func release() -> Int {
        guard let text = try? SmallFile.text(at: "/proc/self/smaps", limit: 1 << 22) else { return 0 }
        var total = 0
        for range in clean(smaps: text) {
            guard let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { continue }
            if madvise(start, range.count, MADV_DONTNEED) == 0 { total += range.count }
        }
        return total
    }

    /// The mappings of files that are read-only, private and without a page of their own (proc_pid_smaps(5)).
    static func clean(smaps text: String) -> [Range<UInt>] {
        var found: [Range<UInt>] = []
        var current: Range<UInt>?
        var isUnwritten = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if let range = mapping(words) {
                current = ["r--p", "r-xp"].contains(words[1]) && words[4] != "0" ? range : nil
                isUnwritten = false
            } else if words.first == "Anonymous:" {
                isUnwritten = words.dropFirst().first == "0"
            } else if words.first == "Swap:", words.dropFirst().first == "0", isUnwritten, let range = current {
                // A written page that is swapped out is no longer counted as anonymous; the kernel tells it after that.
                found.append(range)
            }
        }
        return found
    }

    /// The addresses of a line `from-to perms offset device inode path`; nil for any other line.
    private static func mapping(_ words: [Substring]) -> Range<UInt>? {
        guard words.count >= 5 else { return nil }
        let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        return ends[0]..<ends[1]
    }
}
