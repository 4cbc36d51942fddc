import Glibc
public import Hardware
import Platform
public import Relays
public import ServiceLifecycle
public import Site

/// The owner of the relays in this process, on simulated lines: for `--simulate`, where nobody has a board.
public struct SimulatedRelays: Service {
    public let owner: RelayOwner

    /// - Parameters:
    ///   - directory: Of the unit's state; a folder for the intents is made in it.
    ///   - boot: The kernel's ID of this boot.
    ///   - report: Told of what the owner has to say.
    public init(
        _ site: SiteFile, lines: any Lines, buses: Buses, directory: String, boot: String,
        report: @escaping @Sendable (Event) -> Void
    ) {
        let folder = "\(directory)/relays-simulated"
        // One that cannot be made is one that keeps no intents, and says so.
        mkdir(folder, 0o750)
        owner = RelayOwner(
            // Each process is a board of its own, whose coils get their supply now.
            .init(
                site: .value(site), lines: lines, buses: buses, record: .here(folder), boot: boot,
                powered: KernelClock.sinceBoot(), report: report))
    }

    public func run() async throws {
        await owner.start()
        try? await gracefulShutdown()
        await owner.stop()
    }
}
