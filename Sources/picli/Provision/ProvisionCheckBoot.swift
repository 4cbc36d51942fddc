import ArgumentParser
import Platform
import Provision

struct ProvisionCheckBoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-boot",
        abstract: "Compare config.txt and the running system with the site file.",
        discussion: """
            Shows what the site file needs of the firmware, what config.txt says, and what runs; says what \
            needs a reboot, and why; and finds the lines of others that do not do what they seem to. Changes \
            nothing. Exits with 2 when there are findings.

            Examples:
              picli provision check-boot
              picli provision check-boot --root /mnt/card --site trailer.yaml
            """
    )

    @Option(
        help: ArgumentHelp("The root of a mounted card, instead of the running system.", valueName: "dir"),
        completion: .directory)
    var root = "/"

    @Option(
        help: ArgumentHelp("The site file; that of the system by default.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        let folder = root.trimmingTrailingSlashes
        if !folder.isEmpty, FileKind(of: folder) != .directory {
            throw Failure(
                "root.missing", "There is no directory \(root).", hint: "mount the card first", status: .usage)
        }
        let settings = try BootSiteFile(named: site, root: folder, console: console)?.settings
        let command =
            "picli provision" + (folder.isEmpty ? "" : " --root \(folder)") + (site.map { " --site \($0)" } ?? "")
        let document = BootDocument(
            try BootCheck.report(of: try BootTree(root: folder), for: settings), command: command)
        try console.answer(document)
        if let failure = document.failure { throw failure }
    }
}

extension String {
    /// `/mnt/card/` is `/mnt/card`, and `/` is nothing before a path that begins with a slash.
    fileprivate var trimmingTrailingSlashes: String {
        var text = self[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}
