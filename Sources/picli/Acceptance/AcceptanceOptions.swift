import ArgumentParser
import FoundationEssentials
import Glibc
import Platform

/// The board that is accepted.
struct AcceptanceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The site file; that of the system by default.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @OptionGroup var target: RootOptions

    /// With what its site file asks of it, for who writes down what was seen.
    ///
    /// Errors: `acceptance.…`, `root.unusable`, `site.invalid`.
    func board(_ console: Console) throws -> AcceptedBoard {
        let root = try target.open()
        guard !root.isLive || geteuid() == 0 else {
            throw Failure(
                "acceptance.denied", "Only root can keep what is seen of this board.", hint: "sudo picli acceptance")
        }
        let place = root.isLive ? "" : root.path
        let settings = try BootSiteFile(named: site, root: place, console: console)?.settings
        return try AcceptedBoard(root, settings: settings)
    }
}

/// Who stands before the board.
struct WitnessOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("Who says what is to be seen; whoever is signed in when left out.", valueName: "name"),
        transform: Self.typedName)
    var by: String?

    var name: String {
        let environment = ProcessInfo.processInfo.environment
        return by ?? environment["SUDO_USER"] ?? environment["USER"] ?? "somebody"
    }

    @Sendable private static func typedName(_ text: String) throws -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isPlain, (1...64).contains(text.count), text.contains(where: { $0 != " " }) else {
            throw TypedText.Mistake(description: "write a name, at most 64 letters.")
        }
        return text
    }
}
