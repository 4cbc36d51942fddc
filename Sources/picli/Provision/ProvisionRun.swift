import Glibc
import Platform
import Provision
import Site

/// Provisions one card, or the running machine.
struct ProvisionRun: Sendable {
    let root: SystemRoot
    let order: ProvisionOrder
    let paper: PaperOptions
    var csrOut: String?
    let questions: ProvisionQuestions?
    let console: Console

    private var identity: UnitIdentity {
        get throws {
            let names = try AccountNames(of: root)
            let isRoot = geteuid() == 0
            return UnitIdentity(
                in: root,
                owner: names.users["picli"].flatMap { user in
                    names.groups["picli"].map { AtomicFile.Owner(user: user, group: $0) }
                }.flatMap { isRoot ? $0 : nil })
        }
    }

    private func plan(_ now: Int64) throws -> (ProvisionPlan, UnitIdentity) {
        if root.isLive, geteuid() != 0 {
            throw Failure("provision.denied", "Only root can make this machine a unit.", hint: "sudo picli provision …")
        }
        let identity = try identity
        let facts = try ProvisionFacts(of: root, identity: identity)
        return (try ProvisionPlan(order, facts: facts, root: root, identity: identity, now: now), identity)
    }

    /// Refuses what is to be refused, and then asks whether it is meant.
    func confirm() async throws {
        _ = try noted { try plan(KernelClock.wall()) }
        try await questions?.confirm(order, at: root.shown("/"))
    }

    func preview() async throws -> PlanPreviewDocument {
        let (plan, _) = try plan(KernelClock.wall())
        let preview = try PlanPreview(
            of: plan.plan, on: PresentRoot(root), fulfilled: try await plan.fulfilled())
        return PlanPreviewDocument(preview, plan.notes)
    }

    /// - Throws: What a step threw: it is in the register when there is one, and the same command goes on with it.
    func run() async throws -> ProvisionDocument {
        let now = KernelClock.wall()
        // What a power cut left of a certificate's installation comes first.
        if geteuid() == 0 || !root.isLive { try identity.resume() }
        let (plan, identity) = try noted { try self.plan(now) }
        for note in plan.notes { console.note(note) }
        let progress = ProvisionProgress(console)
        let runner = PlanRunner(
            root: root, journal: ProvisionPlan.journal, commands: LinuxCommandRunner(), work: plan.work,
            progress: { progress.show($0) })
        do {
            let report = try await runner.run(plan.plan)
            return try await finish(plan, report, identity, now)
        } catch let failure as Failure {
            noteRefusal(failure)
            throw failure
        }
    }

    /// What is refused before anything is done has its row, too.
    private func noted<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let failure as Failure {
            noteRefusal(failure)
            throw failure
        }
    }

    private func noteRefusal(_ failure: Failure) {
        // What the authority itself refused has its row already.
        guard !failure.code.hasPrefix("ca."), let identity = try? identity else { return }
        try? note(.refused, identity: identity, failure: failure)
    }

    /// The unit is provisioned when its answer has been seen: before that another run gives it another token.
    func conclude() throws {
        try identity.update { $0.provisioned = $0.provisioned ?? KernelClock.wall() }
    }

    private func finish(
        _ plan: ProvisionPlan, _ report: PlanReport, _ identity: UnitIdentity, _ now: Int64
    ) async throws -> ProvisionDocument {
        if let csrOut {
            let request = try identity.request(.device)
            var file = try OutputFile(replacing: csrOut)
            try await file.write { try $0.write(request) }
            console.note("Have it signed: picli ca sign \(csrOut) --ca DIR --passphrase-file FILE")
        }
        let test = await UnitSelfTest(
            root: root, site: order.site, identity: identity, waitsForReboot: plan.needsReboot
        ).run()
        let isNews = try report.changes > 0 || identity.record().selfTest != test.verdict
        try identity.update { $0.selfTest = test.verdict }
        if isNews { try note(.provisioned, identity: identity, selfTest: test.verdict) }
        let record = try identity.record()
        let content = LabelContent(
            unit: record.unit, site: order.site.site.name, page: PageAddress(site: order.site, unit: record.unit),
            token: plan.token, hasUnusedToken: SetupTokenHash.isKept(in: root),
            fingerprint: (try? identity.certificate(.web)).flatMap { CertificateFingerprint($0.leaf.fingerprint) },
            mac: record.macs.first, boardSerial: record.board?.description)
        let secrets = SheetSecrets(try CameraSecrets(of: root, for: order.site))
        let papers = try await ProvisionPaper(
            options: paper, site: order.site, content: content, secrets: secrets
        ).write()
        return try ProvisionDocument(
            root: root.shown("/"), identity: identity, report: PlanReportDocument(report, plan.notes), test: test,
            label: content, papers: papers, request: csrOut, needsReboot: plan.needsReboot)
    }

    /// Every attempt gets its row where there is a register.
    private func note(
        _ event: RegisterEntry.Event, identity: UnitIdentity, selfTest: String? = nil, failure: Failure? = nil
    ) throws {
        guard case .authority(let authority, let operation) = order.certificates else { return }
        var entry = RegisterEntry(time: KernelClock.wall(), event: event, by: operation)
        let record = try? identity.record()
        entry.subject = (record?.unit ?? order.unit)?.description
        entry.facts = UnitFacts(
            board: record?.board ?? order.board, macs: record?.macs ?? order.macs, image: record?.image,
            selfTest: selfTest)
        entry.key = record?.key?.description
        entry.serial = record?.certificate?.description
        entry.databases = record?.databaseIDs.map(\.description) ?? []
        entry.code = failure?.code
        entry.detail = failure?.message
        try authority.note(entry)
    }
}

/// Says on standard error how far a run is.
struct ProvisionProgress: Sendable {
    private let console: Console

    init(_ console: Console) { self.console = console }

    /// One line for each step that changed something, as it ends.
    func show(_ progress: PlanProgress) {
        switch progress {
        case .started: break
        case .finished(let step, .changed): console.note("done     \(step.id): \(step.summary)")
        case .finished(let step, .skipped(let reason)): console.note("skipped  \(step.id): \(reason)")
        case .finished(_, .unchanged): break
        case .failed(let step, _): console.note("failed   \(step.id): \(step.summary)")
        }
    }
}
