import Provision
import Site
import Testing

@testable import Diagnose

@Suite("The firewall that stands, against that of the site file")
struct FirewallTests {
    private func listing(_ chains: [String], rules: Int) -> [UInt8] {
        var entries = [
            #"{"metainfo": {"version": "1.0.6"}}"#, #"{"table": {"family": "inet", "name": "picli"}}"#,
            #"{"chain": {"name": "input", "hook": "input", "policy": "drop"}}"#,
        ]
        for chain in chains { entries.append(#"{"chain": {"name": "\#(chain)"}}"#) }
        for _ in 0..<rules {
            entries.append(#"{"rule": {"chain": "input", "handle": 4, "expr": [{"accept": null}]}}"#)
        }
        return Array("{\"nftables\": [\(entries.joined(separator: ", "))]}".utf8)
    }

    private func verdict(_ facts: FirewallFacts) throws -> [String] {
        var all = try Trailer.facts()
        all.firewall = .known(facts)
        return all.verdicts("security.firewall")
    }

    @Test("the rules of the site file, of another one, of none, with one more, with one less")
    func shapes() throws {
        let site = try Trailer.file
        let shape = FirewallShape(of: site)
        let well = try FirewallFacts(listing: listing([shape.marker], rules: shape.ruleCount), site: site)
        #expect(well == FirewallFacts())
        #expect(try verdict(well) == ["ok"])
        let wrong: [([String], Int)] = [
            (["site_0123"], shape.ruleCount), ([], shape.ruleCount), ([shape.marker], 1),
        ]
        for (chains, rules) in wrong {
            let facts = try FirewallFacts(listing: listing(chains, rules: rules), site: site)
            #expect(try verdict(facts) == ["fail"])
        }
        let more = try FirewallFacts(listing: listing([shape.marker], rules: shape.ruleCount + 1), site: site)
        #expect(more.surplus == 1)
        var all = try Trailer.facts()
        all.firewall = .known(more)
        let found = all.judged("security.firewall").first
        #expect(found?.evidence == "The firewall has 1 rule that the site file does not make.")
        #expect(found?.fix?.command == "nft -f /run/picli/nftables.conf")
    }

    @Test("without a site file that can be used any site's rules will do")
    func unknown() throws {
        #expect(try FirewallFacts(listing: listing(["site_0123"], rules: 3), site: nil) == FirewallFacts())
        #expect(try !FirewallFacts(listing: listing([], rules: 3), site: nil).isOfSite)
    }

    @Test("garbage is no listing", arguments: ["", "{}", "[]", "nonsense", #"{"nftables": [{"rule": 3}]}"#])
    func garbage(text: String) {
        #expect(throws: (any Error).self) { try FirewallFacts(listing: Array(text.utf8), site: nil) }
    }
}
