import Glibc
public import Platform
public import Site

/// What is on a drive, as far as it says whose it is.
public struct DriveContent: Hashable, Sendable {
    /// The names at its root, without those that systems leave everywhere; at most so many are told.
    public var names: [String]
    /// The markers of the units that kept footage on it; one that cannot be read counts as nobody's.
    public var markers: [DriveMarker]

    public init(names: [String] = [], markers: [DriveMarker] = []) {
        self.names = names
        self.markers = markers
    }

    /// What operating systems put on a drive by themselves.
    private static let left: Set<String> = [
        "lost+found", "system volume information", "$recycle.bin", "recycler", ".trashes", ".spotlight-v100",
        ".fseventsd", ".temporaryitems", ".ds_store", ".apdisk", ".trash-0", ".trash-1000", "thumbs.db", "desktop.ini",
    ]

    private static func isLeft(_ name: String) -> Bool {
        let name = name.lowercased()
        return left.contains(name) || name.hasPrefix("._") || name.hasPrefix("fsck") || name.hasPrefix("found.")
    }

    /// Looks at a drive where it is mounted; follows no link, and reads a few names and markers alone.
    public init(at point: String) throws(SystemError) {
        let all = try SmallFile.names(in: point)
        names = all.filter { !Self.isLeft($0) && $0 != FootagePlaces.folder }
        markers = []
        let footage = "\(point)/\(FootagePlaces.folder)"
        guard FileKind(of: footage, followsLinks: false) == .directory else {
            if all.contains(FootagePlaces.folder) { names.append(FootagePlaces.folder) }
            return
        }
        for folder in try SmallFile.names(in: footage).prefix(64) {
            let path = "\(footage)/\(folder)/\(DriveMarker.name)"
            guard FileKind(of: "\(footage)/\(folder)", followsLinks: false) == .directory,
                FileKind(of: path, followsLinks: false) == .regular,
                let bytes = try? SmallFile.bytes(at: path, limit: 4097), let marker = DriveMarker(bytes),
                marker.unit.description == folder
            else {
                names.append("\(FootagePlaces.folder)/\(folder)")
                continue
            }
            markers.append(marker)
        }
    }
}

/// Whose drive it is, for one unit.
public enum DriveOwner: Hashable, Sendable {
    /// Footage of this unit, in this deployment, is on it.
    case ours
    /// Nothing is on it.
    case nobody
    /// Somebody else's files are on it, said in half a sentence.
    case others(String)

    public init(_ content: DriveContent, unit: UnitID, deployment: String?) {
        let own = content.markers.filter { $0.unit == unit }
        if own.contains(where: { $0.deployment == deployment }) {
            self = .ours
        } else if let earlier = own.first {
            let name = earlier.deployment.map { "the deployment '\($0.plain)'" } ?? "an earlier deployment"
            self = .others("footage of \(name) of this unit is on it")
        } else if let other = content.markers.first {
            self = .others("footage of the unit \(other.unit) is on it")
        } else if let first = content.names.first {
            let more = content.names.count - 1
            self = .others("'\(first.plain)'\(more > 0 ? " and \(more) more" : "") is on it")
        } else {
            self = .nobody
        }
    }
}

extension String {
    /// As it may stand in a sentence: what is written on a drive must not steer a terminal, nor fill it.
    public var plain: String {
        var text = ""
        for scalar in unicodeScalars.prefix(64) {
            let category = scalar.properties.generalCategory
            let isShown =
                ![.control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator]
                .contains(category)
            text.unicodeScalars.append(isShown ? scalar : "\u{FFFD}")
        }
        return unicodeScalars.count > 64 ? text + "…" : text
    }
}
