import Diagnose
import Platform
import Site

/// Looks as fast as the buses allow while somebody reproduces a fault, and then says what changed.
struct DiagnosisRecording {
    private let unit: DiagnosedUnit
    private let selection: Diagnosis.Selection
    private let limit: Duration
    private let console: Console

    /// What a hand at a wire changes within a second.
    static let quick = [
        "power.voltage", "power.throttling", "board.temperature", "network.link", "buses", "sensors.driver",
        "sensors.chip",
        "sensors.present", "sensors.answer", "sensors.plausible",
    ]

    init(_ unit: DiagnosedUnit, _ selection: Diagnosis.Selection, limit: Duration, _ console: Console) {
        self.unit = unit
        self.selection = selection
        self.limit = limit
        self.console = console
    }

    /// Until it is interrupted, which is its end and no failure, or until the time is over.
    func run() async throws {
        let (unit, selection, console) = (unit, selection, console)
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + limit
        let recording = Recording()
        do {
            try await Interruption.ends {
                let progress = ProgressLine(console)
                defer { progress.clear() }
                while clock.now < end {
                    let seen = try await unit.look(selection)
                    await recording.take(seen)
                    let recorder = await recording.recorder
                    progress.show(
                        "\(recorder.looks) looks, \(recorder.changes.count) changes; Ctrl-C ends the recording")
                }
            }
        } catch is CancellationError {}
        let seconds = start.duration(to: clock.now).components.seconds
        try console.answer(RecordDocument(await recording.recorder, seconds: seconds))
    }
}

/// What has been recorded when somebody interrupts.
private actor Recording {
    private(set) var recorder = Recorder()

    func take(_ seen: Diagnosis.Seen) { recorder.take(seen.document, readings: seen.readings) }
}
