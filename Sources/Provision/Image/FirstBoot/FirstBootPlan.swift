public import Platform

/// What a card has to be given before its system is of use: relays that stand as declared, room, and keys of its own.
///
/// Each step asks whether there is anything left to do, so that the same plan ends what a power cut stopped, and changes
/// nothing at a later boot.
public struct FirstBootPlan: Sendable {
    /// On the partition that it grows.
    public static let journal = "/data/system/first-boot.journal"
    /// Where the partition `bootconfig` is mounted, and the card's archive on it.
    static let partition = "/bootconfig"
    public static let archive = "\(partition)/\(CardArchive.fileName)"

    public let plan: Plan
    public let work: [String: any PlanWork]

    /// - Parameter relays: The site file that a new card carries, when it has relays: their owner takes it as the last
    ///   good one, and nothing else of the unit starts by it.
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(
        of partition: DataPartition, root: SystemRoot, commands: any CommandRunner, relays: [UInt8]? = nil
    ) throws(Failure) {
        work = [
            "data.table": TableGrowth(partition: partition),
            "data.partition": PartitionGrowth(partition: partition, commands: commands),
            "data.files": FileSystemGrowth(partition: partition, place: root.shown("/data"), commands: commands),
            "ssh.keys": HostKeyWork(root: root, commands: commands),
        ]
        plan = try Plan(
            Self.first(relays) + [
                PlanStep("data.table", "Give the partition 'data' the rest of the card.", .work),
                PlanStep("data.partition", "Tell the kernel of it.", .work),
                PlanStep("data.files", "Let its file system fill it.", .work),
                PlanStep("ssh.keys", "Make the keys that SSH knows this machine by.", .work),
            ])
    }

    /// Loads have power, or have not, before a large card has been made ready.
    private static func first(_ relays: [UInt8]?) -> [PlanStep] {
        guard let relays else { return [] }
        let file = PlanFile(
            "/var/lib/picli-relays/site.yaml", relays, mode: 0o600, owner: FileOwner("picli-relays"))
        let service = "picli-relays.service"
        // Not waited for: one that cannot start is told by its own unit, and keeps the card from nothing.
        let start = PlanCommand(
            Command("systemctl", ["--no-block", "start", service]), after: ["relays.site"],
            unless: Command("systemctl", ["is-active", "--quiet", service]))
        return [
            PlanStep("relays.site", "Tell the owner of the relays what they are.", .file(file)),
            PlanStep("relays.start", "Bring the loads into their declared states.", .command(start), scope: .liveOnly),
        ]
    }
}

/// The keys of this machine's SSH server.
struct HostKeyWork: PlanWork {
    let root: SystemRoot
    let commands: any CommandRunner

    func isDone() throws -> Bool {
        try ["ecdsa", "ed25519", "rsa"].allSatisfy { kind in
            try root.content(of: "/etc/ssh/ssh_host_\(kind)_key", limit: 16)?.isEmpty == false
        }
    }

    /// It makes those that are missing or empty, each under another name first (ssh-keygen(1), -A).
    func carryOut() async throws {
        _ = try await commands.run(Command("ssh-keygen", ["-A"], timeout: .seconds(300)))
        _ = try await commands.run(Command("sync", ["--file-system", "/etc/ssh"], timeout: .seconds(120)))
    }
}
