import Foundation
import Platform
import Site

/// The interface to the site's network, from /sys and /proc: no right and no socket is needed for that.
public struct InterfaceFacts: Hashable, Sendable {
    /// As in the site file.
    public var name: String
    public var exists: Bool
    /// Somebody has switched it on.
    public var isUp: Bool
    /// A cable with something at its other end; nil while it is not up.
    public var hasCarrier: Bool?
    public var mtu: Int?
    public var hardwareAddress: String?
    /// IPv4 addresses of this machine, on whatever interface.
    public var addresses: [String]
    /// Where packets to everywhere go by this interface, `0.0.0.0` for none.
    public var gateway: String?
    /// Interfaces that there are, without loopback.
    public var others: [String]
    /// systemd-networkd has given it the settings of the site file.
    public var hasSiteSettings = false

    public init(
        name: String = "eth0", exists: Bool = true, isUp: Bool = true, hasCarrier: Bool? = true, mtu: Int? = 1500,
        hardwareAddress: String? = nil, addresses: [String] = [], gateway: String? = nil, others: [String] = []
    ) {
        self.name = name
        self.exists = exists
        self.isUp = isUp
        self.hasCarrier = hasCarrier
        self.mtu = mtu
        self.hardwareAddress = hardwareAddress
        self.addresses = addresses
        self.gateway = gateway
        self.others = others
    }

    init(of subject: Subject) throws {
        if subject.isSimulated { throw NotHere("the network is simulated") }
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        let name = site.network.interface
        let folder = "/sys/class/net/\(name)"
        func text(_ file: String) -> String? { try? SmallFile.text(at: "\(folder)/\(file)", limit: 64) }
        let flags = text("flags").flatMap { Int($0.dropFirst(2), radix: 16) } ?? 0
        self.init(
            name: name, exists: FileKind(of: folder) != nil, isUp: flags & 1 != 0,
            hasCarrier: text("carrier").map { $0 == "1" }, mtu: text("mtu").flatMap { Int($0) },
            hardwareAddress: text("address"),
            addresses: Self.addresses((try? SmallFile.text(at: "/proc/net/fib_trie")) ?? ""),
            gateway: Self.gateway((try? SmallFile.text(at: "/proc/net/route")) ?? "", name),
            others: ((try? SmallFile.names(in: "/sys/class/net")) ?? []).filter { $0 != "lo" })
        // What networkd says of a link is for everybody to read (networkctl does no more).
        let link = text("ifindex").flatMap { try? SmallFile.text(at: "/run/systemd/netif/links/\($0)") }
        hasSiteSettings = link?.contains("NETWORK_FILE=/run/systemd/network/05-picli.network") == true
    }

    /// What brings the site file's address and route back: settings that are there already are applied anew.
    var repair: Finding.Repair {
        hasSiteSettings
            ? .init(["networkctl", "reconfigure", name]) : .init(["systemctl", "restart", "picli-host"])
    }

    /// Leaves of the routing table that say `host LOCAL`: the line before each is its address.
    static func addresses(_ trie: String) -> [String] {
        var found: Set<String> = []
        var last: String?
        for line in trie.split(separator: "\n") {
            if line.contains("|--") { last = line.split(separator: " ").last.map(String.init) }
            if line.contains("/32 host LOCAL"), let last, !last.hasPrefix("127.") { found.insert(last) }
        }
        return found.sorted()
    }

    /// The line of destination 0 and mask 0; addresses are hexadecimal in the order of this machine (proc(5)).
    static func gateway(_ table: String, _ interface: String) -> String? {
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 7, fields[0] == interface, fields[1] == "00000000", fields[7] == "00000000",
                let word = UInt32(fields[2], radix: 16)
            else { continue }
            return [0, 8, 16, 24].map { String(word >> UInt32($0) & 0xFF) }.joined(separator: ".")
        }
        return nil
    }
}
