import Glibc
import Platform

/// The stretches of footage that are kept because of events: `footage/UNIT/picli-events.json`, beside the list that people
/// make.
///
/// The unit alone writes it, and can do so again: one that cannot be read protects nothing, and stops nobody.
enum EventProtections {
    static let name = "picli-events.json"

    /// Those that are still kept.
    ///
    /// - Parameter limit: Wall milliseconds: what had ended before is kept no longer.
    static func read(in top: String, since limit: Int64) -> [Protections.Span] {
        let path = "\(top)/\(name)"
        guard FileKind(of: path, followsLinks: false) == .regular, let bytes = try? SmallFile.bytes(at: path) else {
            return []
        }
        return (Protections(bytes)?.spans ?? []).filter { $0.to >= limit }
    }

    /// Adds some, and leaves out what is kept no longer.
    static func add(_ new: [Protections.Span], in top: String, since limit: Int64) throws(SystemError) {
        let known = read(in: top, since: limit)
        let all = merged(known + new)
        if all != known { try write(all, in: top) }
    }

    /// Gives up the oldest; false when there is none.
    static func lapse(in top: String) throws(SystemError) -> Bool {
        let known = read(in: top, since: .min)
        guard !known.isEmpty else { return false }
        try write(Array(known.dropFirst()), in: top)
        return true
    }

    /// In the order of their times, with one for those that overlap; the newest, where there are too many.
    static func merged(_ spans: [Protections.Span]) -> [Protections.Span] {
        var merged: [Protections.Span] = []
        for span in spans.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            if let last = merged.last, last.camera == span.camera, span.from <= last.to {
                merged[merged.count - 1].to = max(last.to, span.to)
            } else {
                merged.append(span)
            }
        }
        return Array(merged.suffix(Protections.most))
    }

    private static func write(_ spans: [Protections.Span], in top: String) throws(SystemError) {
        let temporary = "\(top)/.\(name).new"
        unlink(temporary)
        let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o660)
        // Whatever the umask of the service. Where files have no owners nobody may, and the mount says it for all of them.
        fchmod(file.number, 0o660)
        do throws(SystemError) {
            try file.write(all: Protections(spans).bytes)
            guard fsync(file.number) == 0, rename(temporary, "\(top)/\(name)") == 0 else {
                throw SystemError(errno, "write \(name)")
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
