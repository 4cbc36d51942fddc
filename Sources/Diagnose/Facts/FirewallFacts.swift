import Platform

/// Whether the rules of the site stand in the kernel.
public struct FirewallFacts: Hashable, Sendable {
    /// The table of this unit is loaded.
    public var isLoaded: Bool
    /// What comes in is dropped unless a rule lets it in.
    public var drops: Bool
    /// The rules are those of the site file, and not the ones for a site that says nothing.
    public var isOfSite: Bool

    public init(isLoaded: Bool = true, drops: Bool = true, isOfSite: Bool = true) {
        self.isLoaded = isLoaded
        self.drops = drops
        self.isOfSite = isOfSite
    }

    init(of subject: Subject) async throws {
        guard subject.isInstalled else { throw NotHere("this unit is not a service of the machine") }
        guard subject.isPrivileged else { throw NotHere("only root may see the firewall") }
        do {
            let command = Command("nft", ["list", "table", "inet", "picli"], timeout: .seconds(4), expected: [0, 1])
            let result = try await subject.commands.run(command)
            self.init(
                isLoaded: result.status == 0, drops: result.text.contains("policy drop"),
                isOfSite: result.text.contains("chain site_"))
        } catch let error as CommandError {
            guard case .notFound = error.reason else { throw error }
            throw NotHere("nftables is not installed")
        }
    }
}
