import FoundationEssentials
import Glibc
public import Hardware
public import Logging
public import Platform
public import ServiceLifecycle
public import Site
import Synchronization

/// Watches the digital inputs of the site file: their states, counters and on-times as readings.
///
/// Counters and on-times go on over restarts: they are kept in a file beside the databases, written once a minute when
/// they have changed and when the service ends. That minute is what a power cut may cost.
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
        edgeClock: @escaping @Sendable () -> Duration = { .milliseconds(KernelClock.sinceBoot()) },
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
        let earlier = (try? await disk.run(within: .seconds(60)) { $0.read() }) ?? [:]
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for input in inputs {
                    let watch = InputWatch(
                        configuration: input, lines: lines, isSimulated: isSimulated, now: now, edgeClock: edgeClock,
                        publish: publish, keep: { file.note($0, $1) })
                    group.addTask { await watch.run(from: earlier[input.id] ?? .init()) }
                }
                while (try? await Task.sleep(for: Self.keepInterval)) != nil {
                    try? await disk.run(within: .seconds(30)) { $0.write() }
                }
            }
        }
        try? await disk.run(within: .seconds(4)) { $0.write() }
    }
}

/// The counters and on-times of all inputs, as JSON by their ids.
final class InputTotalsFile: Sendable {
    private struct State {
        var totals: [String: InputTally.Totals] = [:]
        var isChanged = false
        var isComplained = false
    }

    private let path: String
    private let logger: Logger
    private let state = Mutex(State())

    init(_ path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// Those of inputs that the site file does not name any more are kept, too.
    func read() -> [String: InputTally.Totals] {
        do {
            let bytes = try SmallFile.bytes(at: path)
            let totals = try JSONDecoder().decode([String: InputTally.Totals].self, from: Data(bytes))
            state.withLock { $0.totals = totals }
            return totals
        } catch let error as SystemError where error.number == ENOENT {
            return [:]
        } catch {
            logger.error("counters of inputs begin anew", metadata: ["file": "\(path)", "error": "\(error)"])
            return [:]
        }
    }

    func note(_ input: String, _ totals: InputTally.Totals) {
        state.withLock { state in
            guard state.totals[input] != totals else { return }
            state.totals[input] = totals
            state.isChanged = true
        }
    }

    func write() {
        let (totals, isChanged) = state.withLock { state in
            defer { state.isChanged = false }
            return (state.totals, state.isChanged)
        }
        guard isChanged else { return }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try AtomicFile.replace(path, with: [UInt8](encoder.encode(totals)), mode: 0o640)
            state.withLock { $0.isComplained = false }
        } catch {
            let isFirst = state.withLock { state in
                defer { (state.isChanged, state.isComplained) = (true, true) }
                return !state.isComplained
            }
            if isFirst { logger.error("counters of inputs cannot be kept", metadata: ["error": "\(error)"]) }
        }
    }
}
