import Crypto
public import Platform

/// One thing that is done on the way to an image.
public enum ImageAction: Hashable, Sendable {
    case run(Command)
    /// A file with its whole content.
    case write(path: String, [UInt8])
    /// Gives every inode of an ext4 image the same times: what copies a tree into it takes over when that was unpacked.
    case settleTimes(image: String)
    /// Copies all that is in a folder into a FAT image, in the order of the names: a FAT keeps the order.
    case fill(image: String, from: String)
    /// One program of EFI from a stub, a kernel, an initramfs and a command line (uapi-group.org, "Unified Kernel Image").
    case unify(UnifiedKernel)
}

extension ImageAction {
    /// What it does, to the last byte; of files by their hashes.
    fileprivate var material: String {
        guard case .write(_, let bytes) = self else { return line }
        return "\(line) \(Array(SHA256.hash(data: bytes)).hexadecimal)"
    }
}

/// A part of a build whose products are kept, named by a hash of all that they are made from.
public struct ImageStage: Hashable, Sendable, Identifiable {
    public let id: String
    public let summary: String
    /// Everything that decides what comes out, in one hash.
    public let key: String
    /// Where its products are when it is done.
    public let folder: String
    /// In order; they work in `work`.
    public let actions: [ImageAction]

    /// Where it is made: it takes its place when it is complete.
    public var work: String { folder + ".partial" }

    /// - Parameters:
    ///   - needs: Stages that come before it, and whose products it reads.
    ///   - inputs: What decides its products and is not said in its actions.
    ///   - actions: Given the folder that they work in.
    init(
        _ id: String, _ summary: String, cache: String, needs: [ImageStage] = [], inputs: [String] = [],
        actions: (String) -> [ImageAction]
    ) {
        self.id = id
        self.summary = summary
        // The folder's own name is no input: it is made of the key.
        let material = [id] + needs.map(\.key) + inputs + actions("{}").map(\.material)
        key = String(SHA256.hash(data: Array(material.joined(separator: "\u{0}").utf8)).hexadecimal.prefix(16))
        folder = "\(cache)/\(id)-\(key)"
        self.actions = actions(folder + ".partial")
    }
}
