public import Platform

/// What takes a drive out of its place, whether it is still there or was pulled out.
public struct DetachPlan: Hashable, Sendable {
    /// The step that `Unmounting` carries out.
    public static let unmount = "unmount"

    public let plan: Plan

    /// - Parameter share: The name of the share, whose connections are closed first.
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(share: String) throws(Failure) { plan = try Plan(Self.steps(share: share)) }

    static func steps(share: String) -> [PlanStep] {
        [
            closing(share: share),
            PlanStep(unmount, "Write what is left, and unmount the drive.", .work, scope: .liveOnly),
        ]
    }

    /// smbd lets go of all files of the share; cameras find it again by themselves.
    static func closing(share: String) -> PlanStep {
        PlanStep(
            "share.close", "Close the connections to the share.",
            .command(
                PlanCommand(
                    Command(
                        "smbcontrol", ["--configfile=\(ShareFiles.configuration)", "smbd", "close-share", share],
                        timeout: .seconds(3), expected: Set(0...255)))), scope: .liveOnly)
    }
}

/// Where the share's texts are; 'picli host apply' makes them.
public enum ShareFiles {
    public static let configuration = "/run/picli-share/smb.conf"
}
