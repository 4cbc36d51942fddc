import Dispatch
public import Foundation
import Glibc
import Synchronization
import TestSupport

/// A disk with a volatile write cache, as SD cards and SSDs have, served to QEMU over NBD.
///
/// A write stays in the cache until the guest flushes or asks for this write to be durable (FUA). When the power is cut,
/// a random subset of the cached 512-byte sectors reaches the medium: writes are lost, reordered and torn. The subset
/// follows from `seed` and the number of the cut.
public final class VolatileDisk: Sendable {
    /// What a disk does with a flush.
    public enum Honesty: Sendable {
        /// Makes everything durable before it answers.
        case honest
        /// Answers and does nothing: the negative control of a power test.
        case lying
    }

    /// What one cut did.
    public struct Cut: Sendable, Codable {
        public let unflushed: Int
        public let kept: Int
        public let writes: Int
        public let flushes: Int
    }

    static let sector = 512
    /// How long a flush takes, in microseconds.
    static let flushTime: UInt32 = 30_000

    struct State {
        /// Sector number → its bytes, written and not flushed.
        var cache: [Int: [UInt8]] = [:]
        var writes = 0
        var flushes = 0
        var generator: SeededGenerator
        var cuts: [Cut] = []
        var connection: NBDConnection?
        /// Writes until it stalls; nil when it does not.
        var writesLeft: Int?
        var isStalled = false
    }

    let medium: Int32
    let size: Int
    let honesty: Honesty
    let state: Mutex<State>
    /// The cut that ends a stall.
    private let revived = DispatchSemaphore(value: 0)
    private let file: URL
    private let isKept: Bool

    /// A copy of the machine's empty data disk.
    ///
    /// - Parameter kept: Where the medium stays when this process ends; what is there already is gone on with.
    public init(seed: UInt64, honesty: Honesty = .honest, kept: URL? = nil) throws {
        isKept = kept != nil
        file =
            kept ?? FileManager.default.temporaryDirectory.appending(path: "bench-disk-\(UUID().uuidString.prefix(8))")
        if !FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.copyItem(at: Machine.here.folder.appending(path: "data.ext4"), to: file)
        }
        medium = open(file.path, O_RDWR | O_CLOEXEC)
        guard medium >= 0 else { throw BenchFailure("\(file.path) cannot be opened") }
        size = Int(lseek(medium, 0, SEEK_END))
        self.honesty = honesty
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    deinit {
        close(medium)
        if !isKept { unlink(file.path) }
    }

    /// Every cut so far.
    public var cuts: [Cut] { state.withLock { $0.cuts } }

    /// Has it answer nothing any more once it has taken some more writes and one of them is not flushed: the moment at which
    /// a cut does harm, for sure.
    ///
    /// It ends with the cut.
    public func stall(afterWrites count: Int) { state.withLock { $0.writesLeft = count } }

    /// Whether it answers nothing any more.
    public var isStalled: Bool { state.withLock { $0.isStalled } }

    /// Listens at a socket; returns QEMU's block device options for it.
    func serve(at socket: URL) throws -> String {
        let connection = try NBDConnection(disk: self, socket: socket.path)
        state.withLock { $0.connection = connection }
        return "driver=raw,file.driver=nbd,file.server.type=unix,file.server.path=\(socket.path)"
    }

    /// Loses what the cache holds, but for a random part of it; QEMU must be dead.
    func cut() throws {
        let connection = state.withLock { $0.connection.take() }
        connection?.end()
        state.withLock { state in
            // Some cuts lose everything, some nothing, most tear.
            let shares: [Double] = [0, 0.1, 0.5, 0.9, 1]
            let share = shares[Int.random(in: 0..<shares.count, using: &state.generator)]
            let sectors = state.cache.keys.sorted()
            let kept = sectors.filter { _ in Double.random(in: 0..<1, using: &state.generator) < share }
            for sector in kept { store(sector, in: &state) }
            state.cuts.append(
                Cut(unflushed: sectors.count, kept: kept.count, writes: state.writes, flushes: state.flushes))
            state.cache = [:]
            state.writes = 0
            state.flushes = 0
            state.writesLeft = nil
            if state.isStalled { revived.signal() }
            state.isStalled = false
        }
    }

    private func store(_ sector: Int, in state: inout State) {
        guard let bytes = state.cache[sector] else { return }
        _ = bytes.withUnsafeBytes { pwrite(medium, $0.baseAddress, $0.count, sector * Self.sector) }
    }
}

// MARK: What the guest does

extension VolatileDisk {
    func read(at offset: Int, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        state.withLock { state in
            _ = bytes.withUnsafeMutableBytes { pread(medium, $0.baseAddress, count, offset) }
            guard !state.cache.isEmpty else { return }
            for sector in offset / Self.sector..<(offset + count) / Self.sector {
                guard let cached = state.cache[sector] else { continue }
                let start = sector * Self.sector - offset
                bytes.replaceSubrange(start..<start + Self.sector, with: cached)
            }
        }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int, isDurable: Bool) {
        let isStalling = state.withLock { state in
            state.writes += 1
            for start in stride(from: 0, to: bytes.count, by: Self.sector) {
                let sector = (offset + start) / Self.sector
                state.cache[sector] = Array(bytes[start..<start + Self.sector])
                if isDurable && honesty == .honest {
                    store(sector, in: &state)
                    state.cache[sector] = nil
                }
            }
            state.writesLeft? -= 1
            state.isStalled = state.writesLeft.map { $0 <= 0 } ?? false && !state.cache.isEmpty
            return state.isStalled
        }
        // There is one connection, and it is served by a thread of its own.
        if isStalling { revived.wait() }
    }

    func flush() {
        // What cards take, and the moment at which a cut does most harm.
        usleep(Self.flushTime)
        state.withLock { state in
            state.flushes += 1
            guard honesty == .honest else { return }
            for sector in state.cache.keys { store(sector, in: &state) }
            state.cache.removeAll(keepingCapacity: true)
        }
    }
}
