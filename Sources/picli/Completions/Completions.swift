import ArgumentParser

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the script that completes picli in a shell.",
        discussion: """
            Load it from the start file of your shell:
              bash:  source <(picli completions bash)
              zsh:   picli completions zsh > "${fpath[1]}/_picli"
              fish:  picli completions fish > ~/.config/fish/completions/picli.fish
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
