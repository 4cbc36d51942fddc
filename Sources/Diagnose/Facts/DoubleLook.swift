import Foundation
import Platform
import Site

/// Which stations say that they have the addresses of the unit, its router and its cameras.
enum DoubleLook {
    private static let patience = Duration.milliseconds(1600)

    static func stations(_ subject: Subject) async throws -> [String: [String]] {
        if subject.isSimulated { throw NotHere("the network is simulated") }
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        guard subject.isPrivileged else { throw NotHere("only root may ask by ARP") }
        let network = site.network
        let addresses = ([network.unit?.address, network.router?.address] + network.cameras.map(\.address))
            .compactMap { $0 }.filter(\.isIPv4)
        guard !addresses.isEmpty else { throw NotHere("the site file names no address") }
        guard let station = try? SmallFile.text(at: "/sys/class/net/\(network.interface)/address", limit: 64) else {
            throw NotHere("there is no interface \(network.interface)")
        }
        // Of one that is off it cannot be read at all.
        guard (try? SmallFile.text(at: "/sys/class/net/\(network.interface)/carrier", limit: 16)) == "1" else {
            throw NotHere("\(network.interface) has no link")
        }
        let worker = Blocking(name: "arp") {}
        let found = try await worker.run(within: Duration.seconds(4) * subject.patience) { _ in
            try AddressResolution(on: network.interface, station: station)
                .stations(of: addresses.map(\.bytes), patience: patience)
        }
        return Dictionary(
            uniqueKeysWithValues: Set(addresses).map { ($0.description, (found[$0.bytes] ?? []).sorted()) })
    }
}
