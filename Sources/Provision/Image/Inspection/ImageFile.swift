import FoundationEssentials
import Glibc
public import Platform

/// An image as a file, with the papers beside it that say what it should be.
public struct ImageFile: Hashable, Sendable {
    public let path: String
    public let identity: ImageIdentity

    private static let again = "take the image and its files from where they were made once more"

    /// Reads what the image says of itself; its bytes are looked at by `faults`.
    ///
    /// - Throws: `image.noImage`, `image.noPapers`, `image.identity`.
    public init(_ path: String) throws(Failure) {
        guard FileKind(of: path) == .regular else {
            throw Failure(
                "image.noImage", "There is no image at \(path).", hint: "picli image build makes one", status: .usage)
        }
        self.path = path
        identity = try ImageIdentity(json: Self.paper("json", of: path))
    }

    private static func paper(_ suffix: String, of path: String) throws(Failure) -> [UInt8] {
        do throws(SystemError) { return try SmallFile.bytes(at: "\(path).\(suffix)", limit: 64 << 20) } catch {
            throw Failure(
                "image.noPapers", "\(path).\(suffix), which ships beside the image, cannot be read: \(error.reason).",
                hint: again)
        }
    }

    /// Which of its blocks hold anything, as its map says.
    ///
    /// - Throws: `image.noPapers`, `image.map`.
    public func map() throws(Failure) -> BlockMap {
        let text = try String(decoding: Self.paper("bmap", of: path), as: UTF8.self)
        return try BlockMap(xml: text, digest: identity.sha256)
    }

    /// What is in it, by the package URLs of its list of software without their versions.
    ///
    /// - Throws: `image.noPapers`, `image.software`.
    public func software() throws(Failure) -> [String: String] {
        struct Bill: Decodable {
            struct Package: Decodable {
                struct Reference: Decodable { let referenceLocator: String }
                let versionInfo: String
                let externalRefs: [Reference]
            }
            let packages: [Package]
        }
        let bytes = try Self.paper("spdx.json", of: path)
        guard let bill = try? JSONDecoder().decode(Bill.self, from: Data(bytes)) else {
            throw Failure(
                "image.software", "\(path).spdx.json is no list of software that picli reads.", hint: Self.again)
        }
        var versions: [String: String] = [:]
        for package in bill.packages {
            // The image itself has no package URL.
            guard let purl = package.externalRefs.first?.referenceLocator else { continue }
            let name = purl.prefix { $0 != "@" }
            let parts = purl.split(separator: "?", maxSplits: 1)
            versions[parts.count == 2 ? "\(name)?\(parts[1])" : String(name)] = package.versionInfo
        }
        return versions
    }

    /// What is not as the papers say, each in a sentence; none for a whole image.
    ///
    /// Reads all of it.
    ///
    /// - Throws: `SystemError`, `CancellationError`.
    public func faults() throws -> [String] {
        let found = try BlockMap(reading: path, stretches: BlockMap.Stretch.all(of: identity.partitions))
        var faults: [String] = []
        if found.size != identity.size {
            faults.append("It has \(found.size) bytes, and should have \(identity.size).")
        }
        if found.digest != identity.sha256 {
            faults.append("Its SHA-256 is \(found.digest), and should be \(identity.sha256).")
        }
        do throws(Failure) {
            faults += try damages(found, map())
            let sum = try String(decoding: Self.paper("sha256", of: path), as: UTF8.self)
            if !sum.hasPrefix("\(identity.sha256)  ") {
                faults.append("\(path).sha256 and \(path).json tell different checksums.")
            }
        } catch { faults.append(error.message) }
        return faults + faultsOfTable()
    }

    /// Where blocks differ, by the partitions that they lie in.
    private func damages(_ found: BlockMap, _ wanted: BlockMap) -> [String] {
        let present = Set(found.ranges)
        let expected = Set(wanted.ranges)
        let places = present.symmetricDifference(expected).map { place(of: $0.first) }
        return Set(places).sorted().map { "What is in \($0) is not what its block map says." }
    }

    private func place(of block: UInt64) -> String {
        let sector = block * UInt64(BlockMap.blockSize) / UInt64(PartitionTable.sectorSize)
        let partition = identity.partitions.first { $0.start <= sector && sector - $0.start < $0.sectors }
        return partition.map { "the partition '\($0.name)'" } ?? "the partition table"
    }

    private func faultsOfTable() -> [String] {
        do {
            let file = try Descriptor(opening: path, O_RDONLY)
            let table = try PartitionTable(head: file.readAll(limit: PartitionTable.headSize))
            let found = table.partitions.map { "\($0.name) \($0.id) \($0.start) \($0.count)" }
            let wanted = identity.partitions.map { "\($0.name) \($0.id) \($0.start) \($0.sectors)" }
            return found == wanted ? [] : ["Its partitions are not those that \(path).json tells of."]
        } catch let failure as Failure { return [failure.message] } catch { return ["\(error)."] }
    }
}
