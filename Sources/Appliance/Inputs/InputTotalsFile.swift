import FoundationEssentials
import Glibc
import Logging
import Platform
import Synchronization

/// The counters and on-times of all inputs, as JSON by their ids.
///
/// What was kept before is read until that succeeds; nothing is written over it before.
final class InputTotalsFile: Sendable {
    private struct State {
        /// What was kept before this start; nil until it is read.
        var earlier: [String: InputTally.Totals]?
        /// What was counted since.
        var counted: [String: InputTally.Totals] = [:]
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

    /// What an input had counted before this start; nil as long as that is not known.
    func earlier(_ input: String) -> InputTally.Totals? {
        state.withLock { state in state.earlier.map { $0[input] ?? .init() } }
    }

    /// What an input has counted since the start.
    func note(_ input: String, _ counted: InputTally.Totals) {
        state.withLock { state in
            guard state.counted[input] ?? .init() != counted else { return }
            state.counted[input] = counted
            state.isChanged = true
        }
    }

    /// Reads what is not read yet, and writes what has changed since.
    func exchange() {
        do {
            if state.withLock({ $0.earlier == nil }) {
                let kept = try read()
                state.withLock { $0.earlier = kept }
            }
            try write()
            state.withLock { $0.isComplained = false }
        } catch {
            let isFirst = state.withLock { state in
                defer { state.isComplained = true }
                return !state.isComplained
            }
            if isFirst { logger.error("counters of inputs cannot be kept", metadata: ["error": "\(error)"]) }
        }
    }

    /// Those of inputs that the site file does not name any more are kept, too.
    private func read() throws -> [String: InputTally.Totals] {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try SmallFile.bytes(at: path) } catch {
            if error.number == ENOENT { return [:] }
            throw error
        }
        let totals = try? JSONDecoder().decode([String: InputTally.Totals].self, from: Data(bytes))
        if let totals, totals.values.allSatisfy(\.isPlausible) { return totals }
        let aside = "\(path).damaged"
        guard rename(path, aside) == 0 else { throw SystemError(errno, "set the damaged \(path) aside") }
        logger.error("counters of inputs begin anew: their file was damaged", metadata: ["file": "\(aside)"])
        return [:]
    }

    private func write() throws {
        let totals = state.withLock { state -> [String: InputTally.Totals]? in
            guard state.isChanged, let earlier = state.earlier else { return nil }
            state.isChanged = false
            return earlier.merging(state.counted) { $0 + $1 }
        }
        guard let totals else { return }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try AtomicFile.replace(path, with: [UInt8](encoder.encode(totals)), mode: 0o640)
        } catch {
            state.withLock { $0.isChanged = true }
            throw error
        }
    }
}
