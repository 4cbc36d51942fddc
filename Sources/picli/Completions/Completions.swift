import ArgumentParser

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the script that completes picli in a shell.",
        discussion: """
            Bash reads it from ~/.bashrc, zsh and fish from a file of their own. The package of the \
            system brings these files with it.

            Examples:
              source <(picli completions bash)
              picli completions zsh > "${fpath[1]}/_picli"
              picli completions fish > ~/.config/fish/completions/picli.fish
            """
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish

        fileprivate var script: String {
            switch self {
            case .bash: Picli.completionScript(for: .bash)
            case .zsh: Picli.completionScript(for: .zsh)
            case .fish: Picli.completionScript(for: .fish)
            }
        }
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        try Console(.text, environment: [:]).write(shell.script + "\n")
    }
}
