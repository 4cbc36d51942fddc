public import Platform
public import Site

/// What brings footage that an older installation left on the card onto the drive in its place, and frees the card.
///
/// The card is freed only when all of it is on the drive; whatever ends it before, the same call goes on.
public struct RecoveryPlan: Hashable, Sendable {
    /// It is looked after like a camera's folder, and goes for its age like the others; a second one gets a number.
    static let folder = "found-on-card"
    /// Until it is whole it is hidden, and nothing of it goes for age or room.
    private static let unfinished = ".found-on-card"
    /// A day: whatever cards hold.
    private static let limit = Duration.seconds(86_400)

    public let plan: Plan
    /// Where the footage will be.
    public let target: String
    /// The device that it will be on.
    let source: String

    /// - Parameters:
    ///   - hasOwners: On the drive's file system files have owners.
    ///   - source: The device that is mounted.
    ///   - isTaken: Whether an earlier recovery has taken a path: nothing of it is overwritten.
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(
        to unit: UnitID, hasOwners: Bool, source: String, isTaken: (String) -> Bool = { _ in false }
    ) throws(Failure) {
        self.source = source
        let top = FootagePlaces.folder(of: unit)
        let target = Self.free("\(top)/\(Self.folder)", isTaken)
        self.target = target
        let place = "\(top)/\(Self.unfinished)"
        func run(_ id: String, _ summary: String, _ program: String, _ arguments: [String]) -> PlanStep {
            PlanStep(
                id, summary, .command(PlanCommand(Command(program, arguments, timeout: Self.limit))), scope: .liveOnly)
        }
        var steps = [
            PlanStep(
                "folder", "Make a folder for it on the drive.",
                .directory(path: place, mode: 0o770, owner: FootageUser.owner), scope: .liveOnly),
            run(
                "copy", "Copy the footage from the card.", "cp",
                ["--recursive", "--preserve=timestamps", "--no-dereference", "--no-target-directory", MountPoint.found]
                    + [place]),
        ]
        if hasOwners {
            steps.append(
                run(
                    "owner", "Give it to the user of the footage.", "chown",
                    ["--recursive", "--no-dereference", "\(FootageUser.owner)", place]))
            steps.append(
                run(
                    "mode", "Let the share and the unit read it.", "chmod",
                    ["--recursive", "u=rwX,g=rwX,o=", place]))
        }
        steps += [
            // It fails where something is there already.
            run("name", "Let it be seen.", "mv", ["--no-target-directory", place, target]),
            // It tells of what the drive has not taken (syncfs(2)).
            run("sync", "Wait until all of it is on the drive.", "sync", ["--file-system", target]),
            // syncfs(2) does not get as far where the file system is in user space.
            run("sync.drive", "Wait until the drive itself has it.", "sync", [source]),
            run(
                "card", "Free the card.", "rm",
                ["--recursive", "--force", "--one-file-system", MountPoint.found]),
        ]
        plan = try Plan(steps)
    }

    private static func free(_ path: String, _ isTaken: (String) -> Bool) -> String {
        guard isTaken(path) else { return path }
        let number = (2...10_000).first { !isTaken("\(path)-\($0)") } ?? 0
        return "\(path)-\(number)"
    }
}
