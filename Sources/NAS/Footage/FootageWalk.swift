import Glibc
import Platform

/// One walk through a unit's folder, a piece at a time, and from then on what changes there.
final class FootageWalk {
    /// What was met.
    struct Finds {
        var clips: [Clip] = []
        var gone: [String] = []
        /// It has to be walked through again.
        var isLost = false
    }

    private let top: String
    private let watch: FolderWatch
    /// Folders that are still to be listed.
    private var waiting: [String]
    private var listing: FolderListing?
    /// There are more folders than the kernel watches.
    private(set) var isBlind = false

    /// Deeper than any camera goes; what is below that is not footage.
    private static let deepest = 12

    /// - Parameters:
    ///   - top: The unit's folder.
    ///   - cameras: The folders in it.
    init(_ top: String, cameras: [String]) throws(SystemError) {
        self.top = top
        watch = try FolderWatch()
        waiting = cameras
    }

    /// Everything that is there has been met.
    var isOver: Bool { waiting.isEmpty && listing == nil }

    /// Goes on.
    ///
    /// - Parameter most: So many entries at most.
    func step(_ most: Int) throws(SystemError) -> Finds {
        var finds = try changes()
        var rest = most
        while rest > 0 {
            if listing == nil {
                guard let folder = waiting.popLast() else { break }
                // Watched first, so that nothing is missed between the list and the watch.
                open(folder)
                rest -= 1
                continue
            }
            let entries = listing?.next(min(rest, 256)) ?? []
            guard !entries.isEmpty, let folder = listing?.folder else {
                listing = nil
                continue
            }
            rest -= entries.count
            for entry in entries {
                let path = "\(folder)/\(entry.name)"
                switch entry.kind {
                case .folder: enter(path)
                case .file(let time, let size): finds.clips.append(Clip(path: path, time: time, size: size))
                }
            }
        }
        return finds
    }

    private func open(_ folder: String) {
        // ENOSPC: the limit of watches (inotify_add_watch(2)).
        do throws(SystemError) { try watch.add(folder, at: "\(top)/\(folder)") } catch {
            isBlind = isBlind || error.number == ENOSPC
        }
        // Removed meanwhile: then there is nothing in it.
        listing = try? FolderListing(folder, at: "\(top)/\(folder)")
    }

    private func enter(_ folder: String) {
        if folder.count(where: { $0 == "/" }) < Self.deepest { waiting.append(folder) }
    }

    private func changes() throws(SystemError) -> Finds {
        var finds = Finds()
        var touched: Set<String> = []
        for change in try watch.changes() {
            switch change {
            case .file(let path):
                touched.insert(path)
            case .gone(let path):
                touched.remove(path)
                finds.gone.append(path)
            case .folder(let path): enter(path)
            case .lost: finds.isLost = true
            }
        }
        for path in touched {
            if let clip = Clip(path, below: top) { finds.clips.append(clip) }
        }
        return finds
    }
}
