import Platform
import Site

/// The users of the share: one for each camera, known to this system until the next boot, with no shell and no home.
///
/// systemd's NSS module reads them from /run/userdb (nss-systemd(8), systemd 249), so no file in /etc changes.
struct ShareAccounts {
    static let folder = "/run/userdb"
    /// In a range that systemd leaves unused (UIDS-GIDS of systemd): 60578 to 61183.
    private static let firstNumber = 61_000

    /// Cameras that get an account, with its number.
    let cameras: [(camera: CameraConfiguration, number: Int)]
    /// Cameras that get none, each in a sentence.
    let notes: [String]

    /// - Parameter taken: The names that this system has for itself.
    init(_ site: SiteFile, taken: Set<String>) {
        var cameras: [(CameraConfiguration, Int)] = []
        var notes: [String] = []
        for (index, camera) in site.network.cameras.enumerated() {
            if taken.contains(camera.id) {
                notes.append(
                    "The camera '\(camera.id)' cannot record: this system has a user of that name. Give it another id.")
            } else if camera.id.utf8.count > 31 {
                notes.append("The camera '\(camera.id)' cannot record: its id is longer than the 31 letters of a user.")
            } else {
                cameras.append((camera, Self.firstNumber + index))
            }
        }
        self.cameras = cameras
        self.notes = notes
    }

    /// One record (systemd, USER_RECORD) and one link by its number for each.
    ///
    /// - Parameter group: Number of the group `picli`.
    func steps(group: UInt32) -> [PlanStep] {
        guard !cameras.isEmpty else { return [] }
        return [PlanStep("share.users", "Make the directory of passing users.", .directory(path: Self.folder))]
            + cameras.enumerated().flatMap { index, entry in
                let record = """
                    {"userName":"\(entry.camera.id)","uid":\(entry.number),"gid":\(group),"realName":"picli camera",\
                    "homeDirectory":"/","shell":"/usr/sbin/nologin","locked":true}

                    """
                let name = "\(entry.camera.id).user"
                return [
                    PlanStep(
                        "share.user.\(index + 1)", "Make the user of the camera '\(entry.camera.id)'.",
                        .file(PlanFile("\(Self.folder)/\(name)", record))),
                    PlanStep(
                        "share.user.\(index + 1).number", "Let it be found by its number.",
                        .link(path: "\(Self.folder)/\(entry.number).user", target: name)),
                ]
            }
    }

    /// The passwords in the form of smbpasswd(5).
    func passwords(_ secrets: CameraSecrets) -> String {
        let none = String(repeating: "X", count: 32)
        return cameras.compactMap { camera, number in
            secrets.texts[camera.id].map { secret in
                "\(camera.id):\(number):\(none):\(NTHash.text(of: secret)):[U          ]:LCT-5F000000:\n"
            }
        }.joined()
    }
}
