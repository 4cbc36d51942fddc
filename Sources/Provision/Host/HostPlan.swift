public import Platform
public import Site

/// What `picli host apply` does: the texts that the services of this unit read, from one site file.
///
/// Everything it makes is gone with the boot, so a replaced root file system needs no second provisioning.
public struct HostPlan: Hashable, Sendable {
    /// Where root keeps the journal of this plan; as short-lived as what the plan makes, and nobody else's.
    public static let journal = "/run/picli-host/journal"

    public let plan: Plan
    /// What the site file asks for and this system cannot do, each in a sentence.
    public let notes: [String]

    /// - Throws: `plan.invalid`, a fault of ours.
    public init(site: SiteFile, facts: HostFacts, secrets: HostSecrets = HostSecrets()) throws(Failure) {
        try self.init(HostText.all, of: site, facts, secrets)
    }

    /// For a system without a site file: the rules that the package brings, and nothing else.
    ///
    /// A unit is closed before anybody has said what it is for.
    ///
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(withoutSite facts: HostFacts) throws(Failure) {
        try self.init([.firewall], of: FirewallText.unknownSite, facts)
    }

    private init(
        _ texts: [HostText], of site: SiteFile, _ facts: HostFacts, _ secrets: HostSecrets = HostSecrets()
    ) throws(Failure) {
        let input = HostText.Input(site: site, facts: facts, secrets: secrets)
        let texts = texts.map { $0.render(input) }
        plan = try Plan(
            [PlanStep("texts", "Make the directory of the rendered texts.", HostText.directoryAction(facts))]
                + texts.flatMap(\.steps))
        notes = texts.flatMap(\.notes)
    }
}
