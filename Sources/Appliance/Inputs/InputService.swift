public import Hardware
public import Logging
public import Platform
public import ServiceLifecycle
public import Site

/// Watches the digital inputs of the site file: their states, counters and on-times as readings.
///
/// Counters and on-times go on over restarts: they are kept in a file beside the databases, written once a minute when
/// they have changed and when the service ends. That minute is what a power cut may cost. A card that hangs at the
/// start holds up no input: counters have no value until it has told what they were.
public struct InputService: Service {
    private let inputs: [InputConfiguration]
    private let lines: any Lines
    private let isSimulated: Bool
    private let file: InputTotalsFile
    private let now: @Sendable () -> Timestamp
    private let edgeClock: @Sendable () -> Duration
    private let publish: @Sendable (ReadingBatch) async -> Void

    private static let keepInterval = Duration.seconds(60)

    /// - Parameters:
    ///   - directory: Where the totals are kept.
    ///   - edgeClock: That of the edges of `lines`.
    ///   - publish: Takes a batch for live readers and for keeping.
    public init(
        _ inputs: [InputConfiguration], lines: any Lines, isSimulated: Bool, directory: String, logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        edgeClock: @escaping @Sendable () -> Duration = KernelClock.monotonic,
        publish: @escaping @Sendable (ReadingBatch) async -> Void
    ) {
        self.inputs = inputs
        self.lines = lines
        self.isSimulated = isSimulated
        // What a simulation counted is no beginning for what is real.
        file = InputTotalsFile("\(directory)/\(isSimulated ? "inputs-simulated" : "inputs").json", logger: logger)
        self.now = now
        self.edgeClock = edgeClock
        self.publish = publish
    }

    public func run() async throws {
        let disk = Blocking(name: "input-totals") { file }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for input in inputs {
                    let watch = InputWatch(
                        configuration: input, lines: lines, isSimulated: isSimulated, now: now, edgeClock: edgeClock,
                        publish: publish, earlier: { file.earlier($0) }, keep: { file.note($0, $1) })
                    group.addTask { await watch.run() }
                }
                repeat {
                    try? await disk.run(within: .seconds(30)) { $0.exchange() }
                } while (try? await Task.sleep(for: Self.keepInterval)) != nil
            }
        }
        try? await disk.run(within: .seconds(4)) { $0.exchange() }
    }
}
