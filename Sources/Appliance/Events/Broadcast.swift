public import Site
import Synchronization

/// Passes what is new to whoever watches live: the pages' event streams.
///
/// A slow reader loses the oldest; nothing of record travels this way, history and events are read from the store.
public final class Broadcast<Element: Sendable>: Sendable {
    private struct State {
        var readers: [Int: AsyncStream<Element>.Continuation] = [:]
        var lastReader = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    public init() {}

    /// How many watch now.
    public var readerCount: Int { state.withLock { $0.readers.count } }

    /// Everything from now on, until the reader's task ends or the unit stops.
    ///
    /// - Parameter buffer: How far a slow reader may be behind.
    public func subscribe(buffer: Int = 64) -> AsyncStream<Element> {
        let (stream, reader) = AsyncStream.makeStream(
            of: Element.self, bufferingPolicy: .bufferingNewest(max(1, buffer)))
        let number = state.withLock { state -> Int? in
            guard !state.isFinished else { return nil }
            state.lastReader += 1
            state.readers[state.lastReader] = reader
            return state.lastReader
        }
        guard let number else {
            reader.finish()
            return stream
        }
        reader.onTermination = { [weak self] _ in self?.remove(number) }
        return stream
    }

    public func publish(_ element: Element) {
        // Outside the lock: a reader that has gone calls `remove`.
        for reader in state.withLock({ Array($0.readers.values) }) { reader.yield(element) }
    }

    /// Ends every stream; later subscribers get one that has ended.
    public func finish() {
        let readers = state.withLock { state in
            state.isFinished = true
            defer { state.readers = [:] }
            return state.readers.values
        }
        for reader in readers { reader.finish() }
    }

    private func remove(_ number: Int) {
        _ = state.withLock { $0.readers.removeValue(forKey: number) }
    }
}

/// New batches of readings.
public typealias ReadingBroadcast = Broadcast<ReadingBatch>
