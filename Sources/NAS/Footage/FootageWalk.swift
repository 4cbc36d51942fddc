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
    private let time: ClipTime
    private let watch: FolderWatch
    /// Folders that are still to be listed.
    private var waiting: [String]
    private var listing: FolderListing?
    /// There are more folders than the kernel watches.
    private(set) var isBlind = false

    /// Deeper than any camera goes; what is below that is not footage.
    private static let deepest = 12

    /// - Parameter top: The unit's folder; all folders in it are cameras', also those that the site has no more.
    init(_ top: String, time: ClipTime) throws(SystemError) {
        self.top = top
        self.time = time
        watch = try FolderWatch()
        waiting = try SmallFile.names(in: top).filter { name in
            !name.hasPrefix(".") && FileKind(of: "\(top)/\(name)", followsLinks: false) == .directory
        }
        observe("")
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
            guard var listing else {
                guard let folder = waiting.popLast() else { break }
                open(folder)
                rest -= 1
                continue
            }
            let entries = listing.next(rest)
            self.listing = listing.isOver ? nil : listing
            rest -= max(1, entries.count)
            for entry in entries {
                let path = "\(listing.folder)/\(entry.name)"
                if entry.isFolder { enter(path) } else { finds.clips.append(Clip(path, entry.status, time)) }
            }
        }
        return finds
    }

    private func open(_ folder: String) {
        // Watched first, so that nothing is missed between the list and the watch.
        observe(folder)
        listing = FolderListing(folder, at: "\(top)/\(folder)")
    }

    private func observe(_ folder: String) {
        // ENOSPC: the limit of watches (inotify_add_watch(2)).
        do throws(SystemError) { try watch.add(folder, at: "\(top)/\(folder)") } catch {
            isBlind = isBlind || error.number == ENOSPC
        }
    }

    private func enter(_ folder: String) {
        let parts = folder.split(separator: "/")
        if parts.count <= Self.deepest, parts.last?.hasPrefix(".") == false { waiting.append(folder) }
    }

    private func changes() throws(SystemError) -> Finds {
        var finds = Finds()
        var touched: Set<String> = []
        for change in try watch.changes() {
            switch change {
            // What stands beside the folders of the cameras is no clip.
            case .file(let path) where !path.contains("/"), .gone(let path) where !path.contains("/"): continue
            case .file(let path):
                touched.insert(path)
            case .gone(let path):
                touched.remove(path)
                finds.gone.append(path)
            case .folder(let path): enter(path)
            case .lost: finds.isLost = true
            }
        }
        finds.clips = touched.compactMap { Clip($0, below: top, time) }
        return finds
    }
}
