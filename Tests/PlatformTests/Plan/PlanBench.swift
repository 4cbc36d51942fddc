import Glibc
import TestSupport
import Testing

@testable import Platform

/// A root of a test's own, and a plan with every kind of step in it.
struct PlanBench {
    static let journal = "/var/lib/app/journal"

    let root: String

    /// Every kind of step; the commands append their names to `/log`, so that each run of one is seen.
    static func steps(_ root: String) -> [PlanStep] {
        [
            PlanStep("folder", "Make the folder.", .directory(path: "/etc/app", mode: 0o750)),
            PlanStep("text", "Write the text.", .file(PlanFile("/etc/app/a.conf", "one\ntwo\n"))),
            PlanStep(
                "key", "Write the key.",
                .file(PlanFile("/etc/app/key", Array("secret".utf8), mode: 0o600, isSecret: true))),
            PlanStep("reload", "Reload.", .command(PlanCommand(note("reload", root), after: ["text", "key"]))),
            PlanStep("link", "Link.", .link(path: "/etc/app/on", target: "a.conf")),
            PlanStep("once", "Format.", .command(PlanCommand(note("once", root), repetition: .once))),
            PlanStep("old", "Remove.", .absent(path: "/etc/app/old")),
            PlanStep(
                "ask", "Ask.",
                .command(
                    PlanCommand(
                        Command("touch", ["\(root)/asked"]), unless: Command("test", ["-e", "\(root)/asked"])))),
            PlanStep("last", "Write the last.", .file(PlanFile("/etc/app/last", "last"))),
            PlanStep("again", "Reload.", .command(PlanCommand(note("again", root), after: ["last", "link"]))),
        ]
    }

    /// A command that leaves a line in the log, and kills picli after that when it finds a file with its name.
    private static func note(_ name: String, _ root: String) -> Command {
        let script = """
            import os, sys
            with open(sys.argv[1] + '/log', 'a') as log: log.write(sys.argv[2] + '\\n')
            mine = sys.argv[1] + '/kill-in-' + sys.argv[2]
            if os.path.exists(mine):
                os.remove(mine)
                os.kill(os.getppid(), 9)
            """
        return Command("python3", ["-c", script, root, name])
    }

    /// What the plan finds: an old file.
    func prepare() {
        for folder in ["etc", "etc/app"] { mkdir("\(root)/\(folder)", 0o755) }
        guard let old = fopen("\(root)/etc/app/old", "w") else { return }
        fputs("old", old)
        fclose(old)
    }

    func run(_ progress: @escaping @Sendable (PlanProgress) -> Void = { _ in }) async throws -> PlanReport {
        try await runner(progress).run(Plan(Self.steps(root)))
    }

    func runner(_ progress: @escaping @Sendable (PlanProgress) -> Void = { _ in }) throws -> PlanRunner {
        PlanRunner(
            root: try SystemRoot(root), journal: Self.journal, commands: LinuxCommandRunner(), progress: progress)
    }

    /// Every file below the root but journal and log: `path mode content`.
    func tree() throws -> [String] {
        try Self.walk(root, "").filter { !$0.hasPrefix("/var") && !$0.hasPrefix("/log") && !$0.hasPrefix("/kill") }
    }

    private static func walk(_ root: String, _ folder: String) throws -> [String] {
        try SmallFile.names(in: root + folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            switch FileKind(of: root + path, followsLinks: false) {
            case .directory?:
                return ["\(path) \(FileKind.permissions(of: root + path) ?? 0)"] + (try walk(root, path))
            case .link?: return ["\(path) link"]
            default:
                let content = try SmallFile.bytes(at: root + path)
                return ["\(path) \(FileKind.permissions(of: root + path) ?? 0) \(content)"]
            }
        }
    }

    /// The commands that ran, in order.
    var log: [String] {
        ((try? SmallFile.text(at: "\(root)/log")) ?? "").split(separator: "\n").map(String.init)
    }

    var journalBytes: [UInt8] { get throws { try SmallFile.bytes(at: root + Self.journal) } }

    /// The tree that every way must lead to.
    static func goal() async throws -> [String] {
        let directory = TemporaryDirectory()
        let bench = PlanBench(root: directory.path)
        bench.prepare()
        _ = try await bench.run()
        return try bench.tree()
    }
}
