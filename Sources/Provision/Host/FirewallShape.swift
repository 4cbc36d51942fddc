public import Site

/// By what the rules of a site are known again in the kernel.
public struct FirewallShape: Hashable, Sendable {
    /// An empty chain of that name stands beside the rules, and beside no others.
    public let marker: String
    /// How many rules there are.
    public let ruleCount: Int

    public init(of site: SiteFile) {
        marker = FirewallText(site).marker
        ruleCount = FirewallText.ruleCount(site)
    }

    /// Where the text of the rules that were loaded last stands.
    public static let path = "\(HostText.directory)/nftables.conf"
}
