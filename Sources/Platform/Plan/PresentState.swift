import Glibc

/// What stands at a path before a plan runs.
public struct PresentEntry: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case file(content: [UInt8])
        case directory
        case link(target: String)
        /// A device, a socket, a pipe.
        case other
    }

    public let kind: Kind
    public let mode: UInt32
    public let owner: FileOwner

    public init(_ kind: Kind, mode: UInt32 = 0o644, owner: FileOwner = .root) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
    }
}

/// The system that a plan is for, as it is now.
public protocol PresentState {
    /// True for the running system.
    var isLive: Bool { get }
    /// A path as it is to be shown.
    func shown(_ path: String) -> String
    /// What stands at a path, a link as itself; nil when there is nothing.
    func entry(at path: String) throws -> PresentEntry?
}

/// A root read for comparison; what it says is of the moment of the call.
public struct PresentRoot: PresentState {
    /// Files of plans are texts; what is longer is different.
    private static let limit = 16 << 20

    private let root: SystemRoot
    private let names: AccountNames

    public init(_ root: SystemRoot) throws(SystemError) {
        self.root = root
        names = try AccountNames(of: root)
    }

    public var isLive: Bool { root.isLive }

    public func shown(_ path: String) -> String { root.shown(path) }

    public func entry(at path: String) throws -> PresentEntry? {
        let place: SystemRoot.Place
        do throws(SystemError) { place = try root.place(of: path) } catch {
            guard error.number == ENOENT else { throw error }
            return nil
        }
        guard let status = try place.status() else { return nil }
        let owner = FileOwner(names.user(status.st_uid), group: names.group(status.st_gid))
        let mode = UInt32(status.st_mode) & 0o7777
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            let content = try place.open(place.name, O_RDONLY | O_NOCTTY).readAll(limit: Self.limit)
            return PresentEntry(.file(content: content), mode: mode, owner: owner)
        case S_IFDIR: return PresentEntry(.directory, mode: mode, owner: owner)
        case S_IFLNK: return PresentEntry(.link(target: root.linkTarget(of: path) ?? ""), mode: mode, owner: owner)
        default: return PresentEntry(.other, mode: mode, owner: owner)
        }
    }
}

extension PlanStep {
    /// Whether there is nothing to do at its path; nil for what has no path.
    func isFulfilled(by entry: PresentEntry?) -> Bool? {
        switch action {
        case .directory(_, let mode, let owner):
            entry?.kind == .directory && entry?.mode == mode && (owner == nil || entry?.owner == owner)
        case .file(let file):
            entry?.kind == .file(content: file.content) && entry?.mode == file.mode
                && (file.owner == nil || entry?.owner == file.owner)
        case .kernelValue(_, let value): entry.map { Self.words($0.text) == Self.words(value) } ?? false
        case .absent: entry == nil
        case .link(_, let target): entry?.kind == .link(target: target)
        case .command, .work: nil
        }
    }

    private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
}

extension PresentEntry {
    /// The content of a file as text; empty for everything else.
    var text: String {
        if case .file(let content) = kind { String(decoding: content, as: UTF8.self) } else { "" }
    }
}
