import Glibc
import Provision

/// Asks somebody at the board for what picli cannot see, item by item.
struct AcceptanceQuestions {
    private enum Answer {
        case said(AcceptanceRecord.Outcome)
        case later
        case enough
    }

    private let say: (String) -> Void
    private let prompt: (String) -> Void
    private let line: () -> String?

    /// nil where nobody can answer.
    init?(_ console: Console) {
        guard isatty(STDIN_FILENO) == 1, console.error.isInteractive, console.format == .text else { return nil }
        self.init(say: { console.note($0) }, prompt: { console.prompt($0) }, line: { readLine() })
    }

    /// - Parameter line: nil at the end of the input.
    init(say: @escaping (String) -> Void, prompt: @escaping (String) -> Void, line: @escaping () -> String?) {
        self.say = say
        self.prompt = prompt
        self.line = line
    }

    /// Until all is said, or somebody has had enough.
    func ask(of board: inout AcceptedBoard, by name: String) throws {
        for item in board.questions {
            say("\n\(item.title)\n  do   \(item.task)\n  see  \(item.sign)")
            switch answer() {
            case .enough: return
            case .later: continue
            case .said(let outcome):
                guard let seen = words(for: outcome) else { return }
                try board.note(item, outcome, seen: seen, by: name)
            }
        }
    }

    private func answer() -> Answer {
        while true {
            prompt("Is it so? [y]es, [n]o, [s]kip, [l]ater, [q]uit: ")
            guard let word = line() else { return .enough }
            switch word.lowercased() {
            case "y", "yes": return .said(.passed)
            case "n", "no": return .said(.failed)
            case "s", "skip": return .said(.skipped)
            case "", "l", "later": return .later
            case "q", "quit": return .enough
            default: say("Answer y, n, s, l or q.")
            }
        }
    }

    /// What was seen; nil at the end of the input.
    private func words(for outcome: AcceptanceRecord.Outcome) -> String? {
        while true {
            prompt(outcome == .skipped ? "Why not: " : "What was seen: ")
            guard let text = line() else { return nil }
            if outcome == .passed || text.contains(where: { !$0.isWhitespace }) { return text }
            say("A few words, for those who read it later.")
        }
    }
}
