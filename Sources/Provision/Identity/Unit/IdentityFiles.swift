import Glibc
import Platform

/// The files of an identity folder, opened within their root.
struct IdentityFiles {
    private let root: SystemRoot
    private let folder: String

    /// - Parameter folder: A path of the root; a relative one is of the current directory.
    init(_ root: SystemRoot, _ folder: String) {
        self.root = root
        self.folder = folder.hasPrefix("/") ? folder : "\(Self.currentDirectory)/\(folder)"
    }

    private static var currentDirectory: String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Whether the folder is there.
    var exists: Bool { root.kind(of: folder) == .directory }

    func kind(_ name: String) -> FileKind? { root.kind(of: path(name)) }

    func permissions(_ name: String) -> UInt32? { root.permissions(of: path(name)) }

    /// Root writes for the user that the folder belongs to.
    var inheritedOwner: AtomicFile.Owner? { geteuid() == 0 ? root.owner(of: folder) : nil }

    /// nil when another has it.
    func lock() throws(SystemError) -> FileLock? { try root.lock(directory: folder) }

    func content(_ name: String, limit: Int) throws(SystemError) -> [UInt8] {
        guard let content = try root.content(of: path(name), limit: limit) else {
            throw SystemError(ENOENT, "open \(root.shown(path(name)))")
        }
        return content
    }

    func replace(
        _ name: String, with content: [UInt8], mode: UInt32, owner: AtomicFile.Owner?
    ) throws(SystemError) {
        try root.replaceFile(path(name), with: content, mode: mode, owner: owner)
    }

    func remove(_ name: String) throws(SystemError) { try root.removeFile(path(name)) }

    func rename(_ name: String, to new: String) throws(SystemError) { try root.rename(path(name), to: new) }

    /// Makes the folder and those above it, as far as they are missing.
    func make(owner: AtomicFile.Owner?) throws(SystemError) {
        var partial = ""
        for part in folder.split(separator: "/") {
            partial += "/\(part)"
            if root.kind(of: partial) != .directory {
                try root.makeDirectory(partial, mode: 0o750, owner: owner)
            }
        }
    }
}
