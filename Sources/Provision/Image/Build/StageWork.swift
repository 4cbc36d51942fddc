import Glibc
import Platform

/// Makes the products of one stage, and keeps them.
struct StageWork: PlanWork {
    let stage: ImageStage
    let runner: ImageActionRunner
    let isRoot: Bool
    /// What is in the cache does not count.
    let isForced: Bool

    private static let list = "products"

    /// Only when every file has the size that it had: a disk that filled up leaves others.
    func isDone() -> Bool {
        guard !isForced, let noted = try? SmallFile.text(at: "\(stage.folder)/\(Self.list)", limit: 4 << 20) else {
            return false
        }
        return noted + "\n" == Self.products(in: stage.folder)
    }

    func carryOut() async throws {
        do {
            try await remove(stage.work)
            try await remove(stage.folder)
            guard mkdir(stage.work, 0o755) == 0 else { throw SystemError(errno, "make \(stage.work)") }
            for action in stage.actions { try await runner.run(action) }
            try AtomicFile.replace("\(stage.work)/\(Self.list)", with: Array(Self.products(in: stage.work).utf8))
            guard rename(stage.work, stage.folder) == 0 else { throw SystemError(errno, "keep \(stage.folder)") }
            for folder in outdated { try await remove(folder) }
        } catch {
            // A tree of a gigabyte is not left behind, also when the build was interrupted.
            await Task { _ = try? await remove(stage.work) }.value
            throw ImageFault.failure(error, in: stage.id)
        }
    }

    /// Files of other users of a namespace can only be removed in one.
    private func remove(_ folder: String) async throws {
        guard FileKind(of: folder, followsLinks: false) != nil else { return }
        let arguments = ["--recursive", "--force", "--one-file-system", folder]
        let command =
            isRoot
            ? Command("rm", arguments, timeout: .seconds(300))
            : Command("unshare", ["--user", "--map-auto", "--map-root-user", "rm"] + arguments, timeout: .seconds(300))
        _ = try await runner.commands.run(command)
    }

    /// What earlier builds left of this stage, but for the newest: two architectures and two recipes fit into four.
    private var outdated: [String] {
        guard let slash = stage.folder.lastIndex(of: "/") else { return [] }
        let cache = String(stage.folder[..<slash])
        let found = ((try? SmallFile.names(in: cache)) ?? []).filter {
            $0.hasPrefix("\(stage.id)-") && $0.utf8.count == stage.id.utf8.count + 1 + stage.key.utf8.count
        }
        let dated = found.map { (path: "\(cache)/\($0)", made: FileStatus(of: "\(cache)/\($0)")?.changed ?? 0) }
        return dated.sorted { $0.made > $1.made }.dropFirst(4).map(\.path)
    }

    /// Path and size of each file, links and folders left out.
    private static func products(in folder: String, below path: String = "") -> String {
        let names = ((try? SmallFile.names(in: folder)) ?? []).filter { !path.isEmpty || $0 != list }
        return names.map { name -> String in
            let whole = "\(folder)/\(name)"
            guard let status = FileStatus(of: whole) else { return "" }
            switch status.kind {
            case .directory: return products(in: whole, below: "\(path)\(name)/")
            case .regular: return "\(status.size) \(path)\(name)\n"
            default: return ""
            }
        }.joined()
    }
}
