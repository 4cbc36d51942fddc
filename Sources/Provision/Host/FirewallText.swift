import Crypto
import Site

/// The rules of nft(8) for one site: what comes in is dropped, but for what is listed here by role and address.
struct FirewallText {
    static let table = "picli"

    let text: String
    /// A chain without rules, named after those of the site: whoever finds it in the kernel knows which are loaded.
    ///
    /// The table alone does not tell: it may be the package's own, put there after others flushed ours.
    let marker: String

    init(_ site: SiteFile) {
        let table = Self.tableText(site)
        marker = "site_" + SHA256.hash(data: Array(table.utf8)).prefix(8).hexadecimal
        text =
            HostText.heading + """
                # The first two lines make the whole one transaction, whether the table is there or not.
                table inet \(Self.table)
                delete table inet \(Self.table)
                \(table)
                # Empty; its name tells which rules these are.
                table inet \(Self.table) {
                    chain \(marker) { }
                }

                """
    }

    /// A site that says nothing.
    static let unknownSite = SiteFile(site: SiteDescription(name: "site"))

    /// The rules that the package loads when none are there: those of a site that says nothing.
    static func fallback() -> String {
        """
        # What may come in until the rules of the site file stand ('picli host apply'). Fails when they do: then they stay.
        create table inet \(table)
        \(tableText(unknownSite))
        """
    }

    /// One a line, with remarks and empty lines between them.
    private static func rules(_ site: SiteFile) -> [String] {
        base + dhcp(site) + web(site) + lan(site) + ssh(site) + logs(site) + share(site) + controlByWeb(site)
            + modbus(site) + snmp(site)
    }

    /// How many rules there are, with the last one that drops everything else.
    static func ruleCount(_ site: SiteFile) -> Int {
        rules(site).count { !$0.isEmpty && !$0.hasPrefix("#") } + 1
    }

    private static func tableText(_ site: SiteFile) -> String {
        let lines = rules(site).map { $0.isEmpty ? "\n" : "        \($0)\n" }.joined()
        return """
            table inet \(table) {
                chain input {
                    type filter hook input priority filter; policy drop;

            \(lines)
                    counter drop comment "everything else"
                }
            }

            """
    }

    private static let base = [
        "iif lo accept",
        "# Echo is limited before anything else: for the kernel all of one caller's requests are one connection.",
        "icmp type echo-request limit rate over 10/second burst 20 packets drop",
        "icmpv6 type echo-request limit rate over 10/second burst 20 packets drop",
        "# With it come the errors that belong to a connection (related).",
        "ct state vmap { established : accept, related : accept, invalid : drop }",
        "icmp type echo-request accept",
        "icmpv6 type echo-request accept",
        "",
        "# Neighbours and routers of IPv6, from this link only. Without a limit: a flood would cut the unit off.",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } ip6 hoplimit 255 accept",
        "icmpv6 type mld-listener-query ip6 saddr fe80::/10 limit rate 10/second accept",
    ]

    private static func dhcp(_ site: SiteFile) -> [String] {
        guard site.network.unit == nil else { return [] }
        let interface = on(site)
        return [
            "", "# The router gives the unit its address.", "\(interface) udp sport 67 udp dport 68 accept",
            "\(interface) ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept", "",
            "# Nobody knows that address, so that the unit is found by its name (mDNS, which stays on its link).",
            "\(interface) ip daddr 224.0.0.251 udp dport 5353 accept",
            "\(interface) ip6 daddr ff02::fb udp dport 5353 accept",
        ]
    }

    /// From everywhere: TLS and accounts are the page's own doors.
    private static func web(_ site: SiteFile) -> [String] {
        let listening = site.web.listen.filter { !$0.address.isLoopback }.map(\.port)
        let ports = site.web.listen.isEmpty ? [80, 443] : Set(listening).sorted()
        return ports.isEmpty ? [] : ["", "# The page.", "tcp dport \(list(ports.map(String.init))) accept"]
    }

    /// The page for the site's own network.
    ///
    /// Not for its router: by it comes whoever the router lets in from outside under an address of its own.
    private static func lan(_ site: SiteFile) -> [String] {
        let ports = Set(site.web.lan.filter { !$0.address.isLoopback }.map(\.port)).sorted()
        guard !ports.isEmpty, let network = site.network.unit else { return [] }
        let port = "tcp dport \(list(ports.map(String.init)))"
        return ["", "# The page, for this network alone."]
            + from([site.network.router?.address].compactMap(single)).map { "\(on(site)) \($0) \(port) drop" }
            + from([network]).map { "\(on(site)) \($0) \(port) accept" }
    }

    /// From the site's own network; while the router decides which that is, from private and link-local addresses.
    private static func ssh(_ site: SiteFile) -> [String] {
        let fixed = site.network.unit.map { [$0] }
        let networks =
            (fixed ?? known(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]))
            + known(["169.254.0.0/16", "fe80::/10"])
        return ["", "# The technician."] + from(networks).map { "\(on(site)) \($0) tcp dport 22 accept" }
    }

    /// Router and cameras send their logs.
    private static func logs(_ site: SiteFile) -> [String] {
        let senders = ([site.network.router?.address] + site.network.cameras.map(\.address)).compactMap(single)
        let rules = from(senders).flatMap { source in
            ["udp", "tcp"].map { "\(on(site)) \(source) \($0) dport 514 accept" }
        }
        guard !rules.isEmpty else { return [] }
        // One that goes mad leaves rsyslogd's buffer to the others: more than it reads fills it within seconds.
        let floods = senders.flatMap { from([$0]) }.map {
            "\(on(site)) \($0) udp dport 514 limit rate over 30000/second burst 30000 packets drop"
        }
        // Without it nobody would hear of a camera whose address is not the one that the site file says.
        let others = from(site.network.unit.map { [$0] } ?? []).map {
            "\(on(site)) \($0) udp dport 514 limit rate 1/second burst 5 packets accept"
        }
        return ["", "# Syslog of the router and the cameras, each of them only as fast as it can be read."] + floods
            + rules
            + (others.isEmpty ? [] : ["# Of others on this network, now and then, so that it can be told."] + others)
    }

    /// Cameras record.
    private static func share(_ site: SiteFile) -> [String] {
        guard site.storage != nil else { return [] }
        let rules = from(site.network.cameras.map(\.address).compactMap(single)).map {
            "\(on(site)) \($0) tcp dport 445 accept"
        }
        return rules.isEmpty ? [] : ["", "# The share of the cameras."] + rules
    }

    private static func controlByWeb(_ site: SiteFile) -> [String] {
        guard let configuration = site.compatibility.controlByWeb else { return [] }
        let rules = from(configuration.allow).map { "\($0) tcp dport \(configuration.port) accept" }
        return rules.isEmpty ? [] : ["", "# Clients of ControlByWeb boxes."] + rules
    }

    private static func modbus(_ site: SiteFile) -> [String] {
        guard let configuration = site.compatibility.modbus else { return [] }
        let rules = from(configuration.allow).map { "\($0) tcp dport \(configuration.port) accept" }
        return rules.isEmpty ? [] : ["", "# Clients of Modbus/TCP."] + rules
    }

    private static func snmp(_ site: SiteFile) -> [String] {
        guard let configuration = site.compatibility.snmp else { return [] }
        let port = "udp dport \(configuration.port)"
        let rules = from(configuration.allow).map { "\($0) \(port) accept" }
        guard !rules.isEmpty else { return [] }
        return ["", "# Managers that ask by SNMP, and never the router: by it comes whoever it forwards."]
            + from([site.network.router?.address].compactMap(single)).map { "\($0) \(port) drop" } + rules
    }
}

extension FirewallText {
    /// What comes in by the site's interface, whether that exists yet or not.
    private static func on(_ site: SiteFile) -> String { "iifname \"\(site.network.interface)\"" }

    private static func known(_ texts: [String]) -> [IPNetwork] { texts.compactMap { IPNetwork($0) } }

    private static func single(_ address: IPAddress?) -> IPNetwork? {
        address.flatMap { IPNetwork(address: $0, prefixLength: $0.bytes.count * 8) }
    }

    /// One match per family.
    private static func from(_ networks: [IPNetwork]) -> [String] {
        [true, false].compactMap { isVersion4 in
            let sources = disjoint(networks.filter { $0.address.isIPv4 == isVersion4 })
            guard !sources.isEmpty else { return nil }
            // nft takes no network of length 0.
            if sources.contains(where: { $0.prefixLength == 0 }) {
                return "meta nfproto \(isVersion4 ? "ipv4" : "ipv6")"
            }
            return "\(isVersion4 ? "ip" : "ip6") saddr \(list(sources.map(element)))"
        }
    }

    /// Networks lie within each other or apart, and nft refuses those that overlap: the smaller ones go.
    private static func disjoint(_ networks: [IPNetwork]) -> [IPNetwork] {
        var kept: [IPNetwork] = []
        for network in networks.sorted(by: { ($0.prefixLength, "\($0)") < ($1.prefixLength, "\($1)") })
        where !kept.contains(where: { $0.contains(network.address) }) {
            kept.append(network)
        }
        return kept
    }

    private static func element(_ network: IPNetwork) -> String {
        network.isSingleAddress ? "\(network.address)" : "\(network.first)/\(network.prefixLength)"
    }

    private static func list(_ elements: [String]) -> String {
        elements.count == 1 ? elements[0] : "{ \(elements.joined(separator: ", ")) }"
    }
}
