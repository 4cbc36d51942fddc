import Glibc

/// Brings a plan about.
///
/// Each step that changes something is noted in the journal before and after. After a power cut, a kill or a failure the
/// same call goes on where the run stopped: files are compared and not written again, commands that ended well are not
/// run again, and commands that wait for a change see one that was made before the cut. When nothing is left to do, a run
/// changes nothing and says so.
public actor PlanRunner {
    private let executor = BlockingExecutor(name: "plan")
    private let root: SystemRoot
    private let journalPath: String
    private let commands: any CommandRunner
    private let work: [String: any PlanWork]
    private let progress: @Sendable (PlanProgress) -> Void

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - journal: Path in the root. It should live exactly as long as what the plan makes: in /run for what a boot
    ///     makes anew.
    ///   - work: What carries out the steps that are neither files nor commands, by the ids of the steps.
    ///   - progress: Called on the runner's thread.
    public init(
        root: SystemRoot, journal: String, commands: any CommandRunner,
        work: [String: any PlanWork] = [:], progress: @escaping @Sendable (PlanProgress) -> Void = { _ in }
    ) {
        self.root = root
        journalPath = journal
        self.commands = commands
        self.work = work
        self.progress = progress
    }

    /// - Throws: `plan.busy` (75) while another run has the journal; `plan.journal` when it cannot be written;
    ///   `plan.step` for the step that failed, with all before it done; `CancellationError`, after which a later run goes
    ///   on.
    public func run(_ plan: Plan) async throws -> PlanReport {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let (before, damaged) = try readJournal()
        let file = try writing { try PlanJournalFile(journalPath, in: root, opening: before.opening(for: plan)) }
        var entries: [PlanReport.Entry] = []
        var changed: Set<String> = []
        for step in plan.steps {
            try Task.checkCancellation()
            progress(.started(step))
            let outcome: PlanOutcome
            do {
                outcome = try await carryOut(step, before, changed, file)
            } catch let failure as Failure {
                progress(.failed(step, failure))
                throw failure
            }
            if outcome == .changed { changed.insert(step.id) }
            entries.append(PlanReport.Entry(id: step.id, summary: step.summary, outcome: outcome))
            progress(.finished(step, outcome))
        }
        try writing { try file.append(.init(event: .end)) }
        return PlanReport(entries: entries, damagedJournal: damaged)
    }

    private func carryOut(
        _ step: PlanStep, _ before: PlanJournal, _ changed: Set<String>, _ file: borrowing PlanJournalFile
    ) async throws -> PlanOutcome {
        if step.scope == .liveOnly, !root.isLive { return .skipped(PlanStep.liveOnlyReason) }
        if case .command(let command) = step.action {
            let isNeeded: Bool
            do { isNeeded = try await needs(step, command, before, changed) } catch { throw Self.failure(step, error) }
            guard isNeeded else { return .unchanged }
            try writing { try file.append(.init(event: .start, step: step.id)) }
            do { _ = try await commands.run(command.command) } catch { throw Self.failure(step, error) }
        } else if case .work = step.action {
            guard try await isCarriedOut(step, file) else { return .unchanged }
        } else {
            do {
                if try isFulfilled(step) { return .unchanged }
            } catch { throw Self.failure(step, error) }
            try writing { try file.append(.init(event: .start, step: step.id)) }
            do { try apply(step) } catch { throw Self.failure(step, error) }
        }
        try writing {
            try file.append(
                .init(event: .done, step: step.id, digest: PlanDigest.of(step), once: step.isOnce ? true : nil))
        }
        return .changed
    }

    /// False when there was nothing to do.
    private func isCarriedOut(_ step: PlanStep, _ file: borrowing PlanJournalFile) async throws -> Bool {
        guard let work = work[step.id] else {
            throw Failure("plan.invalid", "Nothing carries out step '\(step.id)'.")
        }
        do {
            if try await work.isDone() { return false }
        } catch { throw Self.failure(step, error) }
        try writing { try file.append(.init(event: .start, step: step.id)) }
        do { try await work.carryOut() } catch { throw Self.failure(step, error) }
        return true
    }

    private func needs(
        _ step: PlanStep, _ command: PlanCommand, _ before: PlanJournal, _ changed: Set<String>
    ) async throws -> Bool {
        let isTriggered = command.after.contains { changed.contains($0) }
        if command.repetition == .once, before.hasRun(step, command) { return false }
        if isTriggered { return true }
        if before.hasRun(step, command) { return false }
        // Its trigger went off in a run that did not get as far as here, or it was itself cut short.
        if before.isPending(step.id) || command.after.contains(where: { before.isPending($0) }) { return true }
        guard let unless = command.unless else { return command.after.isEmpty }
        return !(try await commands.agrees(unless))
    }

    private func isFulfilled(_ step: PlanStep) throws -> Bool {
        guard let path = step.path else { return false }
        return step.isFulfilled(by: try PresentRoot(root).entry(at: path)) == true
    }

    private func apply(_ step: PlanStep) throws {
        switch step.action {
        case .directory(let path, let mode, let owner):
            try root.makeDirectory(path, mode: mode, owner: try number(of: owner))
        case .file(let file):
            try root.replaceFile(file.path, with: file.content, mode: file.mode, owner: try number(of: file.owner))
        case .kernelValue(let path, let value): try root.writeKernelValue(path, value)
        case .absent(let path): try root.removeFile(path)
        case .link(let path, let target): try root.makeLink(path, to: target)
        case .command, .work: break
        }
    }

    /// Read anew for each file: an earlier step of the plan may have made the user.
    private func number(of owner: FileOwner?) throws -> AtomicFile.Owner? {
        guard let owner else { return nil }
        let names = try AccountNames(of: root)
        guard let user = names.users[owner.user], let group = names.groups[owner.group] else {
            let what = names.users[owner.user] == nil ? "user '\(owner.user)'" : "group '\(owner.group)'"
            throw Failure(
                "plan.owner", "There is no \(what) on \(root.shown("/")).",
                hint: "install the picli package there, which makes it")
        }
        return AtomicFile.Owner(user: user, group: group)
    }

    private static func failure(_ step: PlanStep, _ error: any Error) -> any Error {
        if error is CancellationError { return error }
        if let failure = error as? Failure {
            return Failure(
                failure.code, "Step '\(step.id)' failed. \(failure.message)", hint: failure.hint,
                status: failure.status)
        }
        return Failure(
            "plan.step", "Step '\(step.id)' failed: \(error).",
            hint: "correct the cause and run the same command again: it goes on where it stopped")
    }
}

extension PlanStep {
    var isOnce: Bool {
        if case .command(let command) = action { command.repetition == .once } else { false }
    }
}

/// The journal's file and lock.
extension PlanRunner {
    private func lock() throws -> FileLock {
        try writing { try root.makeParents(of: journalPath) }
        let lock = try writing { try root.open(journalPath + ".lock", O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600) }
        let held: FileLock?
        do throws(SystemError) { held = try FileLock(taking: lock) } catch { throw unwritable(error) }
        guard let held else {
            throw Failure(
                "plan.busy", "Another run is changing \(root.shown("/")) at this moment.",
                hint: "wait until it has ended", status: .tryAgain)
        }
        return held
    }

    /// A journal that cannot be read is kept beside for people, and everything is compared and run anew.
    private func readJournal() throws -> (PlanJournal, damaged: String?) {
        try writing {
            guard let bytes = try root.content(of: journalPath, limit: 16 << 20) else { return (.empty, nil) }
            if let journal = PlanJournal(bytes) { return (journal, nil) }
            let name = (journalPath.split(separator: "/").last ?? "journal") + ".damaged"
            try root.rename(journalPath, to: String(name))
            return (.unknown, root.shown(journalPath + ".damaged"))
        }
    }

    private func writing<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as SystemError { throw unwritable(error) }
    }

    private func unwritable(_ error: SystemError) -> Failure {
        Failure(
            "plan.journal", "The journal \(root.shown(journalPath)) cannot be written: \(error.reason).",
            hint: [EACCES, EPERM].contains(error.number)
                ? "run it as root"
                : "make room on that file system, or mount it for writing, and run the same command again")
    }
}
