public import Platform

/// What takes a drive out of its place, whether it is still there or was pulled out.
public struct DetachPlan: Hashable, Sendable {
    /// The step that `Unmounting` carries out.
    public static let unmount = "unmount"
    /// The step that `ShareClosing` carries out.
    public static let close = "share.close"

    public let plan: Plan

    /// It needs nothing of the site file: one that cannot be read must not leave a dead drive mounted.
    ///
    /// - Parameter isGone: It was pulled out: then it goes out of sight before anybody is asked to let go of it.
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(isGone: Bool) throws(Failure) {
        plan = try Plan(isGone ? Self.steps.reversed() : Self.steps)
    }

    static let steps = [
        PlanStep(close, "Close the connections to the share.", .work, scope: .liveOnly),
        PlanStep(unmount, "Write what is left, and unmount the drive.", .work, scope: .liveOnly),
    ]
}

/// Has smbd let go of all files on the drive; cameras find the share again by themselves.
struct ShareClosing: PlanWork {
    let commands: any CommandRunner

    func isDone() -> Bool { false }

    /// Nothing that goes wrong here keeps the drive from being unmounted: smbd may not run, or hang on the drive itself.
    func carryOut() async {
        // Of all shares: there is one.
        let command = Command(
            "smbcontrol", ["--configfile=\(ShareFiles.configuration)", "smbd", "close-share", "*"],
            timeout: .seconds(3), expected: Set(0...255))
        _ = try? await commands.run(command)
    }
}

/// Where the share's texts are; 'picli host apply' makes them.
public enum ShareFiles {
    public static let configuration = "/run/picli-share/smb.conf"
}
