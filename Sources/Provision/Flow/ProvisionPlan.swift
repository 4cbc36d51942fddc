import Glibc
public import Platform
import Site

/// What makes a card, or the running machine, a unit of a site: one plan, whose steps an interrupted run goes on with.
public struct ProvisionPlan: Sendable {
    /// Where the steps of every run are noted; root's alone.
    public static let journal = "/var/lib/picli-provision/journal"

    public let plan: Plan
    /// What carries out the steps that are no files.
    public let work: [String: any PlanWork]
    /// What the operator should know, each in a sentence.
    public let notes: [String]
    /// The token for the first login, when this run gives the unit one.
    public let token: SetupToken?
    /// Whether what the firmware reads changes under a running system.
    public let needsReboot: Bool

    /// - Throws: The refusal of the order (`provision.…`), and `boot.…` where the site file asks what the board cannot do.
    public init(
        _ order: ProvisionOrder, facts: ProvisionFacts, root: SystemRoot, identity: UnitIdentity, now: Int64
    ) throws {
        if let refusal = facts.refusal(of: order) ?? Self.refusalOfAuthority(order, facts, identity) { throw refusal }
        var steps = Steps(root: root, order: order, facts: facts, identity: identity, now: now)
        steps.addIdentity()
        steps.addSite()
        needsReboot = try steps.addBoot()
        steps.addCertificates()
        steps.addStart(needsReboot: needsReboot)
        token = steps.addEnd()
        plan = try Plan(steps.steps)
        work = steps.work
        notes = steps.notes
    }

    /// The steps of work that are done already, for a preview.
    public func fulfilled() async throws -> Set<String> {
        var done: Set<String> = []
        for (id, work) in work where try await work.isDone() { done.insert(id) }
        let isReclaimed = work["reclaim"] == nil || done.contains("reclaim")
        return isReclaimed ? done : done.subtracting(["identity.key", "identity.certificate", "identity.web"])
    }

    /// A unit changes its authority by what the operator says, not by which folder was named.
    private static func refusalOfAuthority(
        _ order: ProvisionOrder, _ facts: ProvisionFacts, _ identity: UnitIdentity
    ) -> Failure? {
        guard case .authority(let authority, _) = order.certificates, !facts.needsReclaim(order),
            let roots = try? identity.roots(),
            !roots.summaries.contains(where: { $0.fingerprint == authority.root.leaf.fingerprint })
        else { return nil }
        return Failure(
            "provision.otherAuthority",
            "The unit trusts '\(roots.leaf.subject)', and '\(authority.name)' in \(authority.directory) is another authority.",
            hint: "name the folder of its own authority; picli identity renew changes to another one", status: .usage)
    }
}

/// The steps as they come together.
private struct Steps {
    let root: SystemRoot
    let order: ProvisionOrder
    let facts: ProvisionFacts
    let identity: UnitIdentity
    let now: Int64
    var steps: [PlanStep] = []
    var work: [String: any PlanWork] = [:]
    var notes: [String] = []
    private var folders: Set<String> = []

    init(root: SystemRoot, order: ProvisionOrder, facts: ProvisionFacts, identity: UnitIdentity, now: Int64) {
        (self.root, self.order, self.facts, self.identity, self.now) = (root, order, facts, identity, now)
    }

    /// root's file that the service reads; whoever runs this where there is no such user.
    private var owner: FileOwner? { facts.hasUser && geteuid() == 0 ? FileOwner("root", group: "picli") : nil }
    private var service: FileOwner? { facts.hasUser && geteuid() == 0 ? FileOwner("picli") : nil }
    private var unitFacts: UnitFacts {
        UnitFacts(
            board: order.board ?? facts.board, macs: order.macs.isEmpty ? facts.macs : order.macs, image: facts.image)
    }

    private mutating func add(_ id: String, _ summary: String, _ carriedOut: any PlanWork) {
        steps.append(PlanStep(id, summary, .work))
        work[id] = carriedOut
    }

    mutating func addIdentity() {
        if !facts.hasPackage {
            notes.append("picli is not installed at \(facts.place): install its package there before the unit starts.")
        }
        addFolders(
            above: "/var/lib/picli/identity", last: .directory(path: "/var/lib/picli", mode: 0o750, owner: service))
        let reclaimed = facts.needsReclaim(order) ? facts.record : nil
        if let reclaimed {
            add(
                "reclaim", "Set the databases of \(reclaimed.unit) aside, and take its keys away.",
                ReclaimWork(root: root, identity: identity, unit: reclaimed.unit))
        }
        let (order, facts, now, unitFacts) = (order, facts, now, unitFacts)
        let name = order.unit ?? (reclaimed == nil ? facts.record?.unit : nil)
        add(
            "identity.record", name.map { "Make the unit \($0)." } ?? "Make a unit with a new name.",
            RecordWork(identity: identity) { present in
                var random = SystemRandomNumberGenerator()
                var record: UnitRecord
                if let present, present == reclaimed {
                    record = present.reclaimed(
                        unit: order.unit, board: unitFacts.board, macs: unitFacts.macs, now: now, random: &random)
                } else {
                    record =
                        present
                        ?? UnitRecord(
                            unit: order.unit ?? UnitID(random: &random), board: unitFacts.board, macs: unitFacts.macs,
                            now: now, random: &random)
                }
                record.site = order.site.site.name
                record.deployment = order.site.site.deployment
                record.image = facts.image ?? record.image
                // A card that was provisioned on a desk learns its board from the first one that it runs on.
                record.board = record.board ?? unitFacts.board
                if record.macs.isEmpty { record.macs = unitFacts.macs }
                return record == present ? nil : record
            })
        add("identity.key", "Make the unit's key, where it is used.", KeyWork(identity: identity))
    }

    mutating func addSite() {
        addFolders(above: "/etc/picli/site.yaml", last: .directory(path: "/etc/picli", mode: 0o750, owner: owner))
        let text = PlanFile("/etc/picli/site.yaml", order.siteText, mode: 0o640, owner: owner)
        steps.append(PlanStep("site.file", "Give the unit its site file.", .file(text)))
        guard let secrets = order.secrets else { return }
        let file = PlanFile("/etc/picli/secrets.yaml", secrets, mode: 0o640, owner: owner, isSecret: true)
        steps.append(PlanStep("site.secrets", "Give the unit its secrets.", .file(file)))
    }

    /// - Returns: Whether a running system has to be started anew for them.
    mutating func addBoot() throws -> Bool {
        if order.acceptsAnyBoard, facts.boot.config == nil {
            notes.append("This machine has no config.txt, so that nothing is set for its boot.")
            return false
        }
        let settings = BootSettings(order.site)
        let files = try BootFiles(settings, on: facts.boot).files
        for file in files {
            addFolders(above: file.path)
            // A boot partition has no modes of its own: what it shows is not asked for in vain.
            let mode = root.permissions(of: file.path) ?? file.mode
            let content = PlanFile(file.path, file.content, mode: mode)
            steps.append(PlanStep("boot" + Self.id(of: file.path), Self.summary(of: file.path), .file(content)))
        }
        if facts.boot.system == .other {
            notes.append("The firmware of this system reads no config.txt that picli knows: it is left as it is.")
        }
        guard facts.isLive else { return false }
        return try BootCheck.report(of: facts.boot.with(files), for: settings).needsReboot
    }

    mutating func addCertificates() {
        switch order.certificates {
        case .none: break
        case .trusted(let root):
            add(
                "identity.root", "Tell the unit which authority it is of.",
                TrustWork(identity: identity, root: root))
        case .installed(let chain, let root):
            add(
                "identity.certificate", "Prove the unit's certificate, and install it.",
                InstallationWork(identity: identity, chain: chain, root: root, now: now))
        case .authority(let authority, let operation):
            func signing(_ role: UnitIdentity.Role, _ hosts: [String]) -> SigningWork {
                SigningWork(
                    identity: identity, role: role, authority: authority, operation: operation, facts: unitFacts,
                    change: order.reclaims ? .reclaim : .none, hosts: hosts, now: now)
            }
            add(
                "identity.certificate", "Have the unit's certificate signed, and install it.", signing(.device, []))
            let hosts = PageHosts.of(order.site)
            guard !hosts.isEmpty else {
                notes.append(
                    "The page gets no certificate yet: the site file names no address and no name of the unit.")
                return
            }
            add("identity.web", "Have the certificate of its page signed, and install it.", signing(.web, hosts))
        }
    }

    /// A unit whose firmware has to read its new settings first is not started before that.
    mutating func addStart(needsReboot: Bool) {
        guard facts.hasPackage, !needsReboot else { return }
        let changed = steps.map(\.id).filter { $0.hasPrefix("site.") || $0.hasPrefix("identity.") }
        for service in ["picli-host", "picli-relays", "picli"] {
            // The owner of the relays' lines reads the site file again; the loads that it does not change are not touched.
            let verb = service == "picli-relays" ? "reload-or-restart" : "restart"
            let command = Command("systemctl", [verb, "\(service).service"], timeout: .seconds(120))
            let isActive = Command("systemctl", ["is-active", "--quiet", "\(service).service"])
            steps.append(
                PlanStep(
                    "start.\(service)", "Start \(service).service with what it was given.",
                    .command(PlanCommand(command, after: changed, unless: isActive)), scope: .liveOnly))
        }
    }

    /// A unit whose token nobody has seen, because the run before did not get as far as its answer, gets another one.
    mutating func addEnd() -> SetupToken? {
        let isNew = facts.record?.provisioned == nil || facts.needsReclaim(order)
        var token: SetupToken?
        if isNew || order.renewsToken {
            let new = SetupToken()
            steps.append(
                PlanStep(
                    "setup.token", "Keep the hash of the token for the first login.",
                    .file(SetupTokenFile.file(new, owner: service))))
            token = new
        }
        return token
    }

    /// Steps for the folders that lead to a path and are missing; `last` is the one that holds it.
    private mutating func addFolders(above path: String, last: PlanStep.Action? = nil) {
        var partial = ""
        let names = path.split(separator: "/").dropLast()
        for (index, name) in names.enumerated() {
            partial += "/\(name)"
            let isLast = index == names.count - 1
            guard isLast && last != nil || !root.exists(partial), folders.insert(partial).inserted else { continue }
            let action = isLast ? last : nil
            steps.append(
                PlanStep("folder" + Self.id(of: partial), "Make \(partial).", action ?? .directory(path: partial)))
        }
    }

    /// `/etc/sysctl.d/60-picli.conf` is `.etc.sysctl.d.60-picli.conf`: what the journal knows a file by.
    private static func id(of path: String) -> String {
        String(
            path.lowercased().map { character in
                character.isASCII && (character.isLetter || character.isNumber)
                    ? character : character == "/" ? "." : "-"
            }.suffix(56))
    }

    private static func summary(of path: String) -> String {
        path.hasSuffix("config.txt") ? "Set what the firmware reads at boot." : "Set up \(path)."
    }
}
