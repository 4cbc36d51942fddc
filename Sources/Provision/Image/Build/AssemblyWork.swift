import FoundationEssentials
import Glibc
import Platform

/// Puts an image together from its parts, with all that ships beside it.
struct AssemblyWork: PlanWork {
    let plan: ImagePlan
    let version: String

    private static let suffixes = ["bmap", "json", "spdx.json", "licences.txt", "sha256"]

    func isDone() -> Bool { false }

    func carryOut() async throws {
        let output = plan.assembly.output
        let papers: [(suffix: String, bytes: [UInt8])]
        do {
            try DiskWriter.write(plan.assembly)
            let stretches = BlockMap.Stretch.all(of: ImageIdentity.partitions(of: plan))
            papers = try self.papers(for: try BlockMap(reading: plan.assembly.partial, stretches: stretches))
            for paper in papers {
                try AtomicFile.replace("\(output).\(paper.suffix).partial", with: paper.bytes)
            }
        } catch {
            unlink(plan.assembly.partial)
            for suffix in Self.suffixes { unlink("\(output).\(suffix).partial") }
            throw ImageFault.failure(error, in: "image")
        }
        // An older image goes before its papers do: no image ever stands beside those of another.
        unlink(output)
        for suffix in ["xz", "rpi-imager-manifest"] { unlink("\(output).\(suffix)") }
        for paper in papers { try Self.move("\(output).\(paper.suffix).partial", "\(output).\(paper.suffix)") }
        try Self.move(plan.assembly.partial, output)
    }

    private static func move(_ from: String, _ to: String) throws(Failure) {
        guard rename(from, to) == 0 else {
            throw Failure("image.write", "\(SystemError(errno, "put \(to) in its place")).")
        }
    }

    private func papers(for map: BlockMap) throws -> [(suffix: String, bytes: [UInt8])] {
        let system = plan.stages.first { $0.id == "system" }?.folder ?? ""
        let status = try SmallFile.text(at: "\(system)/dpkg-status", limit: 64 << 20)
        let pins = try SmallFile.bytes(at: "\(system)/doc/picli/Package.resolved", limit: 1 << 20)
        let packages = try InstalledPackage.debian(status: status) + InstalledPackage.swift(pins: pins)
        let bill = SoftwareBill(
            of: packages, image: plan.fileName, digest: map.digest,
            created: Date(timeIntervalSince1970: Double(ImagePlan.epoch)).formatted(.iso8601), picli: version)
        let licences = LicenceList(of: packages) { name in
            (try? SmallFile.bytes(at: "\(system)/doc/\(name)/copyright")).map { String(decoding: $0, as: UTF8.self) }
        }
        let identity = ImageIdentity(plan, version: version, map: map, packages: packages.count)
        let papers = [
            Array(map.xml.utf8), try identity.json, try Paper.json(bill), Array(licences.text.utf8),
            Array("\(map.digest)  \(plan.fileName)\n".utf8),
        ]
        return zip(Self.suffixes, papers).map { (suffix: $0, bytes: $1) }
    }
}
