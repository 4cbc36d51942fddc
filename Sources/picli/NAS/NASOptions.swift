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

    /// Errors: those of a site file, `nas.notProvisioned`, `nas.off`.
    func attendant() throws -> DriveAttendant {
        let root = try SystemRoot()
        let file = try SiteFileCheck(try InputText(site ?? "/etc/picli/site.yaml")).requireValid()
        guard let unit = try HostFacts.unit(of: root) else {
            throw Failure(
                "nas.notProvisioned", "This machine is no unit yet, and footage belongs to a unit.",
                hint: "picli provision")
        }
        guard let storage = file.storage else {
            throw Failure(
                "nas.off", "The site file has no 'storage' section: this unit keeps no footage.",
                hint: "add 'storage: {}' to the site file")
        }
        let policy = DriveAttendant.Policy(
            storage: storage, cameras: file.network.cameras.map(\.id), unit: unit, deployment: file.site.deployment)
        return DriveAttendant(root: root, policy: policy, commands: LinuxCommandRunner())
    }

    /// The same, for what only root may do.
    ///
    /// Errors: `nas.denied`, and those of `attendant()`.
    func attendantOfRoot() throws -> DriveAttendant {
        guard geteuid() == 0 else {
            throw Failure("nas.denied", "Only root can change what drives are used for.", hint: "the same with sudo")
        }
        return try attendant()
    }
}
