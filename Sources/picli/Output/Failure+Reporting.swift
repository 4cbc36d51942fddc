import ArgumentParser
import Platform

extension Failure {
    /// Any error that ends a command, as the one form that people and programs are told.
    init(reporting error: any Error, arguments: [String]) {
        switch error {
        case let failure as Failure:
            self = failure
        case _ where Picli.exitCode(for: error) == .validationFailure:
            self.init(usage: error, place: CommandPlace(of: arguments))
        default:
            self.init("internal", "Something failed that picli has no words for: \(error).")
        }
    }

    private init(usage error: any Error, place: CommandPlace) {
        if let word = place.unknown {
            self.init(
                "usage", "There is no command '\(place.path) \(word)'.",
                hint: place.suggestion.map { "\(place.path) \($0)" } ?? "\(place.path) --help", status: .usage)
        } else {
            self.init("usage", Picli.message(for: error).sentence, hint: "\(place.path) --help", status: .usage)
        }
    }
}

/// How far the words of a command line lead into the tree of commands.
struct CommandPlace {
    /// The commands found: `picli readings`.
    private(set) var path = Picli._commandName
    /// A word where a command was expected, and which is none.
    private(set) var unknown: String?
    private var choices: [String] = []

    init(of arguments: [String]) {
        var command: any ParsableCommand.Type = Picli.self
        for word in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
            guard let next = subcommands.first(where: { $0._commandName == word }) else {
                unknown = word
                choices = subcommands.map { $0._commandName }
                return
            }
            path += " " + word
            command = next
        }
    }

    /// The command that was probably meant.
    var suggestion: String? {
        guard let unknown else { return nil }
        let nearest = choices.map { ($0, $0.distance(to: unknown)) }.min { $0.1 < $1.1 }
        return nearest.flatMap { name, distance in distance <= Swift.max(2, name.count / 3) ? name : nil }
    }
}

extension String {
    /// With its full stop, where the parser left it out.
    var sentence: String {
        guard let last, !".?!".contains(last) else { return self }
        return self + "."
    }

    /// Levenshtein's distance: insertions, deletions and substitutions of single characters.
    func distance(to other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (i, character) in enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in other.indices {
                let substituted = diagonal + (character == other[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[other.count]
    }
}
