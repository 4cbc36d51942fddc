import ArgumentParser
import Glibc
import NAS
import Platform
import Provision
import Site

/// By which rules drives are judged.
struct NASOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The site file; that of the system when left out.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    /// Whose footage it is, and what its site file says of it.
    struct Unit: Sendable {
        let root: SystemRoot
        let file: SiteFile
        let storage: StorageConfiguration
        let id: UnitID

        var cameras: [String] { file.network.cameras.map(\.id) }
        var policy: DriveAttendant.Policy {
            DriveAttendant.Policy(
                storage: storage, cameras: cameras, unit: id, deployment: file.site.deployment)
        }

        func keeper(_ index: FootageIndex) -> FootageKeeper {
            FootageKeeper(index, top: FootagePlaces.folder(of: id), cameras: cameras, storage: storage)
        }
    }

    /// Errors: those of a site file, `nas.notProvisioned`, `nas.off`.
    func unit() throws -> Unit {
        let root = try SystemRoot()
        let file = try SiteFileCheck(try InputText(site ?? "/etc/picli/site.yaml")).requireValid()
        guard let id = try HostFacts.unit(of: root) else {
            throw Failure(
                "nas.notProvisioned", "This machine is no unit yet, and footage belongs to a unit.",
                hint: "picli provision")
        }
        guard let storage = file.storage else {
            throw Failure(
                "nas.off", "The site file has no 'storage' section: this unit keeps no footage.",
                hint: "add 'storage: {}' to the site file")
        }
        return Unit(root: root, file: file, storage: storage, id: id)
    }

    /// The same, for what only root may do.
    ///
    /// Errors: `nas.denied`, and those of `unit()`.
    func unitOfRoot() throws -> Unit {
        try Self.requireRoot()
        return try unit()
    }

    /// Who carries out what is decided about drives; the site file is not asked.
    ///
    /// Errors: `nas.denied`.
    static func attendant() throws -> DriveAttendant {
        try requireRoot()
        return DriveAttendant(root: try SystemRoot(), commands: LinuxCommandRunner())
    }

    private static func requireRoot() throws {
        guard geteuid() == 0 else {
            throw Failure("nas.denied", "Only root can change what drives are used for.", hint: "the same with sudo")
        }
    }
}
