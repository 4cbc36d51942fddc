import Foundation
import Platform
import Provision
import Site

/// Whether the rules of the site stand in the kernel.
public struct FirewallFacts: Hashable, Sendable {
    /// The table of this unit is loaded.
    public var isLoaded: Bool
    /// What comes in is dropped unless a rule lets it in.
    public var drops: Bool
    /// The rules are those of the site file of now, and not of an earlier one or of a site that says nothing.
    public var isOfSite: Bool
    /// How many rules there are beyond those of the site file; fewer than none when some are missing.
    public var surplus: Int

    public init(isLoaded: Bool = true, drops: Bool = true, isOfSite: Bool = true, surplus: Int = 0) {
        self.isLoaded = isLoaded
        self.drops = drops
        self.isOfSite = isOfSite
        self.surplus = surplus
    }

    init(of subject: Subject) async throws {
        guard subject.isInstalled else { throw NotHere("this unit is not a service of the machine") }
        guard subject.isPrivileged else { throw NotHere("only root may see the firewall") }
        do {
            let command = Command(
                "nft", ["-j", "list", "table", "inet", "picli"], timeout: .seconds(4), expected: [0, 1],
                outputLimit: 1 << 20)
            let result = try await subject.commands.run(command)
            guard result.status == 0 else {
                self.init(isLoaded: false)
                return
            }
            try self.init(listing: result.output, site: try? subject.site.get())
        } catch let error as CommandError {
            guard case .notFound = error.reason else { throw error }
            throw NotHere("nftables is not installed")
        }
    }

    /// What libnftables-json(5) lists of a table.
    private struct Listing: Decodable {
        struct Entry: Decodable {
            struct Chain: Decodable {
                let name: String
                let policy: String?
            }
            struct Rule: Decodable {
                let chain: String
            }
            let chain: Chain?
            let rule: Rule?
        }
        let nftables: [Entry]
    }

    /// - Parameter site: nil when nobody knows what the rules should be.
    init(listing: [UInt8], site: SiteFile?) throws {
        let entries = try JSONDecoder().decode(Listing.self, from: Data(listing)).nftables
        let chains = entries.compactMap(\.chain)
        let shape = site.map { FirewallShape(of: $0) }
        self.init(
            drops: chains.contains { $0.policy == "drop" },
            isOfSite: chains.contains { chain in
                shape.map { chain.name == $0.marker } ?? chain.name.hasPrefix("site_")
            },
            surplus: shape.map { entries.count { $0.rule != nil } - $0.ruleCount } ?? 0)
    }
}
