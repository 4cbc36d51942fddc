import Glibc
import Platform
import Provision
import Synchronization

/// Says on standard error how far a card is: drawn over in a terminal, a line each tenth elsewhere.
final class FlashProgress: Sendable {
    private struct State {
        var step = ""
        var tenth: UInt64 = 0
    }

    private let console: Console
    private let line: ProgressLine
    private let isDrawn: Bool
    private let state = Mutex(State())

    init(_ console: Console) {
        self.console = console
        line = ProgressLine(console)
        isDrawn = console.error.isInteractive && console.format == .text
    }

    /// The steps of the plan.
    func show(_ progress: PlanProgress) {
        line.clear()
        switch progress {
        case .started(let step):
            state.withLock { $0 = State(step: step.summary) }
            console.note("begun    \(step.id): \(step.summary)")
        case .finished(let step, _): console.note("done     \(step.id)")
        case .failed(let step, _): console.note("failed   \(step.id): \(step.summary)")
        }
    }

    /// Within a step: bytes that are done, and all.
    func show(_ done: UInt64, _ all: UInt64) {
        let text = "\(done >> 20) of \(all >> 20) MiB"
        guard !isDrawn else { return line.show(text) }
        let tenth = done * 10 / max(all, 1)
        let isNews = state.withLock { state in
            defer { state.tenth = tenth }
            return tenth > state.tenth
        }
        if isNews { console.note("         \(text)") }
    }
}

/// Asks whether what is on a disk may be lost.
struct FlashQuestion {
    private let console: Console

    init(_ console: Console) { self.console = console }

    /// Errors: `flash.unconfirmed` where nobody can be asked; `CancellationError` when the answer is no.
    func ask(_ disk: FlashDisk, isAnswered: Bool) throws {
        console.note(disk.title)
        for line in disk.contents { console.note("  \(line)") }
        guard !isAnswered else { return }
        guard isatty(STDIN_FILENO) == 1, console.error.isInteractive else {
            throw Failure(
                "flash.unconfirmed", "All that is on \(disk.path) would be lost, and nobody can be asked.",
                hint: "--yes, when that is meant", status: .usage)
        }
        console.prompt("All of it will be lost. Write onto \(disk.path)? [y/N]: ")
        guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else { throw CancellationError() }
    }
}
