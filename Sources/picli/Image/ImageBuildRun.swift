import FoundationEssentials
import Glibc
import Platform
import Provision
import Site
import Synchronization

/// Builds an image: reads what it is made of, runs its plan, and says how far it is.
struct ImageBuildRun: Sendable {
    let check: RecipeCheck
    let architecture: ImageRecipe.Architecture
    let folder: String
    let console: Console

    /// Errors: `image.noPackage`, `image.package`, `image.files`, `input.…`, `site.invalid`.
    ///
    /// - Parameter isDry: Nothing is made: not even folders.
    func facts(package: String?, site: String?, keys: String?, isDry: Bool) async throws -> ImageFacts {
        let path = package ?? "\(check.folder)/../out/picli_\(Build.version)_\(architecture.rawValue).deb"
        let found = try await ImageFacts.Package(reading: path.absolute, commands: LinuxCommandRunner())
        let folders = ["/etc/apt/sources.list.d"].flatMap { folder in
            ((try? SmallFile.names(in: folder)) ?? []).map { "\(folder)/\($0)" }
        }
        let sources = AptSources((["/etc/apt/sources.list"] + folders).compactMap { try? SmallFile.text(at: $0) })
        return ImageFacts(
            cache: try Self.directory(Self.cache, isDry: isDry), output: try Self.directory(folder, isDry: isDry),
            package: found,
            files: try check.recipe.files.map { try ImageFacts.files(in: "\(check.folder)/\($0)") } ?? [],
            overlays: try ImageFacts.overlays(of: check.recipe, in: check.folder), mirror: sources.mirror,
            securityMirror: sources.securityMirror, isRoot: geteuid() == 0, card: try site.map { try card($0, keys) })
    }

    private func card(_ path: String, _ keys: String?) throws -> CardArchive {
        let text = try InputText(path)
        let check = SiteFileCheck(text)
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        try check.requireValid()
        return CardArchive(
            site: Array(text.text.utf8), authorizedKeys: try keys.map { try InputBytes($0, limit: 1 << 16).bytes })
    }

    func build(
        _ plan: ImagePlan, _ facts: ImageFacts, refreshes: Bool, release: String?
    ) async throws -> ImageDocument {
        let commands = LinuxCommandRunner()
        let build = try ImageBuild(plan, facts: facts, commands: commands, refreshes: refreshes, release: release)
        let times = StepTimes()
        let runner = PlanRunner(
            root: try SystemRoot(), journal: build.journal, commands: commands, work: build.work,
            progress: { [console] progress in
                if let line = times.note(progress) { console.note(line) }
            })
        _ = try await runner.run(build.plan)
        let identity = try ImageIdentity(json: SmallFile.bytes(at: "\(plan.assembly.output).json"))
        return ImageDocument(path: plan.assembly.output, identity: identity, steps: times.steps)
    }

    private static var cache: String {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["PICLI_CACHE"] { return "\(named)/image" }
        if let named = environment["XDG_CACHE_HOME"] { return "\(named)/picli/image" }
        return "\(environment["HOME"] ?? "/var")/.cache/picli/image"
    }

    /// Made with the folders above it; where its links lead.
    private static func directory(_ path: String, isDry: Bool) throws -> String {
        var partial = ""
        for name in path.absolute.split(separator: "/") {
            partial += "/\(name)"
            guard !isDry else { continue }
            guard mkdir(partial, 0o755) == 0 || errno == EEXIST || FileKind(of: partial) == .directory else {
                throw Failure(
                    "output.open", "\(SystemError(errno, "make \(partial)")).",
                    hint: "name a folder that you may write to", status: .usage)
            }
        }
        guard let real = realpath(partial, nil) else { return partial }
        defer { free(real) }
        return String(cString: real)
    }
}

extension String {
    /// From the root: programs of a build run there.
    fileprivate var absolute: String {
        guard !hasPrefix("/"), let folder = getcwd(nil, 0) else { return self }
        defer { free(folder) }
        return "\(String(cString: folder))/\(self)"
    }
}

/// How long each step took.
private final class StepTimes: Sendable {
    private struct State {
        var began = ContinuousClock.now
        var steps: [ImageDocument.Step] = []
    }

    private let state = Mutex(State())

    var steps: [ImageDocument.Step] { state.withLock { $0.steps } }

    /// What to say of it.
    func note(_ progress: PlanProgress) -> String? {
        state.withLock { state in
            switch progress {
            case .started(let step):
                state.began = .now
                return "begun    \(step.id): \(step.summary)"
            case .finished(let step, let outcome):
                let seconds = (ContinuousClock.now - state.began) / .milliseconds(1) / 1000
                let time = (seconds * 10).rounded() / 10
                state.steps.append(.init(id: step.id, outcome: outcome == .unchanged ? "kept" : "made", seconds: time))
                return outcome == .unchanged ? "kept     \(step.id)" : "done     \(step.id), \(time) s"
            case .failed(let step, _): return "failed   \(step.id): \(step.summary)"
            }
        }
    }
}
