import Diagnose
import Platform

/// Looks again and again, for somebody who holds a wire.
struct DiagnosisWatch {
    private let unit: DiagnosedUnit
    private let selection: Diagnosis.Selection
    private let console: Console

    init(_ unit: DiagnosedUnit, _ selection: Diagnosis.Selection, _ console: Console) {
        self.unit = unit
        self.selection = selection
        self.console = console
    }

    /// Until it is interrupted, which is its end and no failure.
    func run() async throws {
        let (unit, selection, console) = (unit, selection, console)
        do {
            try await Interruption.ends {
                var view = LiveView(console)
                while true {
                    let answer = DiagnosisAnswer(try await unit.diagnosis(selection))
                    try Task.checkCancellation()
                    try view.show(answer, line: answer.line)
                    try await Task.sleep(for: .seconds(1))
                }
            }
        } catch is CancellationError {}
    }
}
