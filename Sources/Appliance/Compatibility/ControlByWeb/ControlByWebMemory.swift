import FoundationEssentials
import Glibc
import Logging
import Platform
import Synchronization

/// What clients of a box have set and expect to find again: registers, and where counters, times and the log begin for them.
///
/// Kept in a file: what is set after a quiet while is on the card before it is answered, and what follows within a minute
/// of that by the end of it. The unit's own counters and history are not touched.
final class ControlByWebMemory: Sendable {
    struct Content: Hashable, Sendable, Codable {
        /// By their ids.
        var registers: [String: Double] = [:]
        /// What is added to an input's own count, by its id.
        var counts: [String: Double] = [:]
        /// What is added to an input's own on-time, in seconds.
        var totals: [String: Double] = [:]
        /// Wall milliseconds; nil for all that there is.
        var logBegin: Int64?

        /// Whether it can have been set: far from what a document could not hold.
        var isPlausible: Bool {
            [registers, counts, totals].allSatisfy { table in table.values.allSatisfy { abs($0) <= 1e15 } }
        }
    }

    private struct State {
        var content = Content()
        var isChanged = false
        /// Milliseconds after boot.
        var written: Int64?
        var isComplained = false
    }

    /// Between two writes, in milliseconds: a client that sets a register each second does not wear the card out.
    static let pause: Int64 = 60_000

    private let path: String
    private let logger: Logger
    private let state: Mutex<State>
    private let disk = Blocking(name: "controlbyweb") {}

    /// Reads what was kept; a damaged file is set aside.
    init(_ path: String, logger: Logger) {
        self.path = path
        self.logger = logger
        state = Mutex(State(content: Self.read(path, logger)))
    }

    var content: Content { state.withLock { $0.content } }

    /// - Returns: whether it is otherwise than before.
    @discardableResult
    func change(_ body: (inout Content) -> Void) -> Bool {
        state.withLock { state in
            let before = state.content
            body(&state.content)
            guard state.content != before else { return false }
            state.isChanged = true
            return true
        }
    }

    /// Writes what has changed, unless the last time was just now.
    ///
    /// - Parameter now: Milliseconds after boot.
    func keep(at now: Int64) async {
        guard state.withLock({ $0.isChanged && $0.written.map { now - $0 >= Self.pause } ?? true }) else { return }
        await write(at: now)
    }

    /// Writes what has changed.
    func write(at now: Int64) async {
        let isChanged = state.withLock { state in
            guard state.isChanged else { return false }
            (state.isChanged, state.written) = (false, now)
            return true
        }
        guard isChanged else { return }
        do {
            try await disk.run(within: .seconds(4)) { [self] _ in
                let encoder = JSONEncoder()
                encoder.outputFormatting = .sortedKeys
                // What there is at this moment: of two that write at once, neither can put the older content last.
                try AtomicFile.replace(path, with: [UInt8](encoder.encode(content)), mode: 0o640)
            }
            state.withLock { $0.isComplained = false }
        } catch {
            let isFirst = state.withLock { state in
                state.isChanged = true
                defer { state.isComplained = true }
                return !state.isComplained
            }
            if isFirst { logger.error("registers are not on the card", metadata: ["error": "\(error)"]) }
        }
    }

    private static func read(_ path: String, _ logger: Logger) -> Content {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try SmallFile.bytes(at: path) } catch {
            if error.number != ENOENT {
                logger.error("registers cannot be read", metadata: ["file": "\(path)", "error": "\(error)"])
            }
            return Content()
        }
        if let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), content.isPlausible {
            return content
        }
        let aside = "\(path).damaged"
        _ = rename(path, aside)
        logger.error("registers begin anew: their file was damaged", metadata: ["file": "\(aside)"])
        return Content()
    }
}
