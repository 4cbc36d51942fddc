import Glibc
import Platform

/// Compresses an image for those who fetch it, and says in a manifest where it will be.
struct ReleaseWork: PlanWork {
    let plan: ImagePlan
    /// Where it will be published.
    let place: String
    let commands: any CommandRunner

    func isDone() -> Bool { false }

    func carryOut() async throws {
        let output = plan.assembly.output
        let partial = "\(output).xz.partial"
        do {
            // Blocks of a fixed size: the same bytes, however many processors there are.
            let options = ["--keep", "--force", "--threads=2", "--block-size=16MiB", "--suffix=.xz.partial"]
            _ = try await commands.run(Command("xz", options + [output], timeout: .seconds(3600)))
            guard rename(partial, "\(output).xz") == 0 else {
                throw SystemError(errno, "put \(output).xz in its place")
            }
            let identity = try ImageIdentity(json: SmallFile.bytes(at: "\(output).json"))
            let manifest = ImagerManifest(identity, at: place, download: try BlockMap(reading: "\(output).xz"))
            try AtomicFile.replace("\(output).rpi-imager-manifest", with: try Paper.json(manifest))
        } catch {
            unlink(partial)
            throw ImageFault.failure(error, in: "release")
        }
    }
}
