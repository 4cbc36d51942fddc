import ArgumentParser
import FoundationEssentials
import Glibc
import Platform
import Provision

/// Which authority.
struct AuthorityOptions: ParsableArguments {
    @Option(
        name: .customLong("ca"), help: ArgumentHelp("The folder of the authority.", valueName: "dir"),
        completion: .directory)
    var directory: String
}

/// What opens the keys of an authority.
struct PassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file whose first line is the passphrase of the keys.", valueName: "file"),
        completion: .file())
    var passphraseFile: String

    /// Says on standard error when others may read the file.
    func passphrase(_ console: Console) throws -> Passphrase {
        let passphrase = try Passphrase(file: passphraseFile)
        if passphrase.isExposed {
            console.note("Others may read \(passphraseFile): chmod 600 \(passphraseFile)")
        }
        return passphrase
    }
}

extension Operation {
    /// This command, for the register.
    static var current: Operation {
        let environment = ProcessInfo.processInfo.environment
        let words = ["picli"] + CommandLine.arguments.dropFirst()
        return Operation(
            command: words.joined(separator: " "),
            user: environment["SUDO_USER"] ?? environment["USER"] ?? "user \(getuid())")
    }
}
