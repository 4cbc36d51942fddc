import Glibc
import Platform

/// Tells of the files that are closed, renamed and removed below some folders (inotify(7)), without a look at the drive.
final class FolderWatch {
    enum Change: Hashable {
        /// Written to and closed, or moved to here: its path.
        case file(String)
        /// Removed, or moved away.
        case gone(String)
        /// A folder that is new here.
        case folder(String)
        /// Something that cannot be told in pieces: too much at once, a folder that was moved away, or an unmounted drive.
        case lost
    }

    private let descriptor: Descriptor
    /// The watched folders, by the kernel's number.
    private var folders: [Int32: String] = [:]

    private static let interest = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CREATE | IN_ONLYDIR | IN_DONT_FOLLOW)

    init() throws(SystemError) {
        let number = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard number >= 0 else { throw SystemError(errno, "watch folders") }
        descriptor = Descriptor(owning: number)
    }

    /// - Parameters:
    ///   - folder: How it is called in the changes; empty for the one above all.
    ///   - path: Where it is.
    func add(_ folder: String, at path: String) throws(SystemError) {
        let number = inotify_add_watch(descriptor.number, path, Self.interest)
        guard number >= 0 else { throw SystemError(errno, "watch \(path)") }
        folders[number] = folder
    }

    /// What has happened since it was asked last; it does not wait.
    func changes() throws(SystemError) -> [Change] {
        var changes: [Change] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let length = read(descriptor.number, &buffer, buffer.count)
            if length < 0, errno == EINTR { continue }
            if length < 0, errno == EAGAIN { return changes }
            guard length > 0 else { throw SystemError(length < 0 ? errno : EIO, "read what happened in folders") }
            take(buffer[..<length], into: &changes)
        }
    }

    /// `struct inotify_event`: number, mask, cookie and length of 32 bits each, then the name, filled up with zeros.
    private func take(_ bytes: ArraySlice<UInt8>, into changes: inout [Change]) {
        var rest = bytes
        func word(_ place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(rest[rest.startIndex + place + $1]) << UInt32(8 * $1) }
        }
        while rest.count >= 16 {
            let (number, mask, length) = (Int32(bitPattern: word(0)), word(4), Int(word(12)))
            let name = String(decoding: rest.dropFirst(16).prefix(length).prefix { $0 != 0 }, as: UTF8.self)
            rest = rest.dropFirst(16 + length)
            if mask & UInt32(IN_Q_OVERFLOW | IN_UNMOUNT) != 0 {
                changes.append(.lost)
            } else if mask & UInt32(IN_IGNORED) != 0 {
                folders[number] = nil
            } else if let folder = folders[number], !name.isEmpty {
                changes += Self.change(mask, folder.isEmpty ? name : "\(folder)/\(name)")
            }
        }
    }

    private static func change(_ mask: UInt32, _ path: String) -> [Change] {
        func has(_ bits: Int32) -> Bool { mask & UInt32(bits) != 0 }
        if has(IN_ISDIR) {
            if has(IN_CREATE | IN_MOVED_TO) { return [.folder(path)] }
            return has(IN_MOVED_FROM) ? [.lost] : []
        }
        if has(IN_CLOSE_WRITE | IN_MOVED_TO) { return [.file(path)] }
        return has(IN_MOVED_FROM | IN_DELETE) ? [.gone(path)] : []
    }
}
