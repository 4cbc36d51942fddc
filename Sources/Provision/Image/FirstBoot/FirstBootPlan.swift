public import Platform

/// What a card has to be given before its system is of use: room, and keys of its own.
///
/// Each step asks whether there is anything left to do, so that the same plan ends what a power cut stopped, and changes
/// nothing at a later boot.
public struct FirstBootPlan: Sendable {
    /// On the partition that it grows.
    public static let journal = "/data/system/first-boot.journal"
    /// Where the card's archive lies.
    public static let archive = "/bootconfig/\(CardArchive.fileName)"

    public let plan: Plan
    public let work: [String: any PlanWork]

    /// - Throws: `plan.invalid`, a fault of ours.
    public init(of partition: DataPartition, root: SystemRoot, commands: any CommandRunner) throws(Failure) {
        work = [
            "data.table": TableGrowth(partition: partition),
            "data.partition": PartitionGrowth(partition: partition, commands: commands),
            "data.files": FileSystemGrowth(partition: partition, place: root.shown("/data"), commands: commands),
            "ssh.keys": HostKeyWork(root: root, commands: commands),
        ]
        plan = try Plan([
            PlanStep("data.table", "Give the partition 'data' the rest of the card.", .work),
            PlanStep("data.partition", "Tell the kernel of it.", .work),
            PlanStep("data.files", "Let its file system fill it.", .work),
            PlanStep("ssh.keys", "Make the keys that SSH knows this machine by.", .work),
        ])
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
