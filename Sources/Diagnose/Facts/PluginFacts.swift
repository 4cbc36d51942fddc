import Foundation
import Glibc
import Platform
public import Site

/// What a check says that somebody has added to the unit: a program in a folder that only root can change.
public struct PluginFacts: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case said(Said)
        /// It has nothing to look at here: exit status 2.
        case notHere
        /// It was not run, or said nothing that can be read; why.
        case unusable(String)
    }

    /// The one JSON object that it prints.
    public struct Said: Hashable, Sendable, Codable {
        public var verdict: Verdict
        public var evidence: String
        public var cause: String?
        public var fix: Finding.Fix?

        public init(verdict: Verdict, evidence: String, cause: String? = nil, fix: Finding.Fix? = nil) {
            self.verdict = verdict
            self.evidence = evidence
            self.cause = cause
            self.fix = fix
        }
    }

    public var name: String
    public var outcome: Outcome

    public init(_ name: String, _ outcome: Outcome) {
        self.name = name
        self.outcome = outcome
    }

    static let folder = "/usr/local/lib/picli/checks.d"
    private static let most = 16

    static func all(_ subject: Subject, in folder: String = folder) async throws -> [PluginFacts] {
        // Other files are an editor's or a package manager's.
        let names = ((try? SmallFile.names(in: folder)) ?? []).filter {
            $0.wholeMatch(of: /[a-z0-9][a-z0-9-]{0,63}/) != nil
        }
        guard !names.isEmpty else { throw NotHere("no check was added in \(folder)") }
        return await withTaskGroup(of: PluginFacts.self) { group in
            for name in names.sorted().prefix(most) {
                group.addTask { PluginFacts(name, await run("\(folder)/\(name)", subject)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.name < $1.name }
        }
    }

    private static func run(_ path: String, _ subject: Subject) async -> Outcome {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o111 != 0 else {
            return .unusable("it is no program")
        }
        guard status.st_uid == 0, status.st_mode & 0o022 == 0 else {
            return .unusable("it was not run: others than root can change it")
        }
        do {
            let result = try await subject.commands.run(command(path, isPrivileged: subject.isPrivileged))
            return outcome(result)
        } catch let error as CommandError {
            if case .timeout = error.reason {
                return .unusable("it gave no answer within \((limit * subject.patience).components.seconds) s")
            }
            return .unusable("it failed: \(error)".plainText)
        } catch {
            return .unusable("it could not be run")
        }
    }

    private static let limit = Duration.seconds(5)

    /// As nobody, with no right and no way to one (setpriv(1)).
    static func command(_ path: String, isPrivileged: Bool) -> Command {
        let nobody = [
            "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
        ]
        return Command(
            "setpriv", (isPrivileged ? nobody : []) + ["--no-new-privs", "--", path], timeout: limit,
            expected: [0, 2], outputLimit: 16_384, endsAtLimit: true)
    }

    static func outcome(_ result: CommandResult) -> Outcome {
        if result.status == 2 { return .notHere }
        guard !result.isTruncated, var said = try? JSONDecoder().decode(Said.self, from: Data(result.output)) else {
            return .unusable("it said nothing that can be read as one verdict")
        }
        said.evidence = said.evidence.plainText
        said.cause = said.cause?.plainText
        // What it wants to have run is typed by somebody who has read it, and never run from here.
        said.fix = said.fix.map { Finding.Fix($0.text?.plainText, command: $0.command?.plainText) }
        return .said(said)
    }
}

extension String {
    /// One line without anything that a terminal would act upon, and not endless.
    fileprivate var plainText: String {
        String(prefix(500).map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
    }
}
