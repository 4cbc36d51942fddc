import Glibc
public import Platform
import Site

/// The directory that the drive is mounted over, as it is without a drive.
public struct MountPoint: Hashable, Sendable {
    /// nil: it is not there.
    public var mode: UInt32?
    /// Something lies in it, which an older installation left on the card.
    public var isEmpty: Bool

    public init(mode: UInt32? = 0, isEmpty: Bool = true) {
        self.mode = mode
        self.isEmpty = isEmpty
    }

    /// Looks at it; only while nothing is mounted there.
    public init(of root: SystemRoot) throws(SystemError) {
        let path = FootageMount.point
        mode = root.permissions(of: path)
        isEmpty = mode == nil ? true : try SmallFile.names(in: root.shown(path)).isEmpty
    }

    /// The steps after which nobody can write there: closed to all but root, and immutable even for root.
    func guarding() -> [PlanStep] {
        let path = FootageMount.point
        var steps: [PlanStep] = []
        if let mode, mode != 0 || !isEmpty {
            steps.append(
                PlanStep(
                    "point.open", "Let the mount point be changed.",
                    .command(PlanCommand(Command("chattr", ["-i", path], expected: [0, 1]))), scope: .liveOnly))
        }
        if !isEmpty {
            // On the same file system: a rename, which no power cut does by half.
            steps.append(
                PlanStep(
                    "point.found", "Set aside what an older installation left on the card, at \(Self.found).",
                    .command(
                        PlanCommand(Command("mv", ["--no-target-directory", "--backup=numbered", path, Self.found]))),
                    scope: .liveOnly))
        }
        steps.append(
            PlanStep("point", "Keep the mount point empty and closed.", .directory(path: path, mode: 0, owner: .root)))
        steps.append(
            PlanStep(
                "point.guard", "Keep everybody from writing there while no drive is mounted.",
                // A file system without such a mark ends with 1: closed it is all the same.
                .command(PlanCommand(Command("chattr", ["+i", path], expected: [0, 1]))), scope: .liveOnly))
        return steps
    }

    /// Where footage is put that was found below the mount point.
    public static let found = "/srv/camera.found"
}
