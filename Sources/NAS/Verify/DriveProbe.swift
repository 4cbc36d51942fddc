import Glibc
import Platform

/// Finds out what a drive is worth, by writing to what is free on it: whether it is as large as it says, keeps what it is
/// given, flushes, and how fast it is.
///
/// Nothing that is on the drive is touched, and nothing of the try is left on it. It blocks for as long as the drive
/// likes.
public struct DriveProbe: Sendable {
    /// What came of it.
    public struct Result: Hashable, Sendable {
        /// The stretch of the drive over which the blocks were spread, in bytes.
        public var span: Int64
        /// Blocks that were written and read back.
        public var blocks: Int
        /// Those that came back with another content.
        public var wrong: Int
        /// Bytes a second.
        public var writing: Double
        public var reading: Double
        /// The median of what it takes until four kilobytes are on the drive.
        public var flush: Duration
    }

    /// A drive that answers faster has not written: a turn over USB alone takes longer.
    public static let fastestFlush = Duration.microseconds(60)

    static let blockSize = 1 << 20
    private static let mostBlocks = 64
    private static let flushes = 32

    private let folder: String
    private let most: Int64
    private let setsRoomAside: Bool
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - folder: A folder on the drive.
    ///   - most: So many bytes at most.
    ///   - setsRoomAside: The file system can give a file room without filling it, as ext4 can; elsewhere a smaller stretch
    ///     is filled.
    public init(in folder: String, most: Int64 = .max, setsRoomAside: Bool) {
        self.folder = folder
        self.most = most
        self.setsRoomAside = setsRoomAside
    }

    /// - Parameters:
    ///   - seed: Makes the content of the blocks: another one each time, so that no earlier run is read back.
    ///   - progress: Told of the share that is done, from 0 to 1.
    /// - Throws: `nas.noRoom`; `SystemError`.
    public func run(seed: UInt64, progress: (Double) -> Void = { _ in }) throws -> Result {
        let space = try FileSystemSpace(of: folder)
        // Cameras go on recording meanwhile.
        let room = min(most, Int64(clamping: space.available / 10 * 9))
        guard room >= Int64(8 * Self.blockSize) else {
            throw Failure(
                "nas.noRoom", "There is no room on the drive to try it.", hint: "picli nas prune, or another drive")
        }
        let path = "\(folder)/.picli-verify"
        unlink(path)
        let file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        // Without a name already: whatever ends this, the room comes back.
        unlink(path)
        let isSetAside = setsRoomAside && posix_fallocate(file.number, 0, Int(room)) == 0
        let blocks = isSetAside ? Self.mostBlocks : min(Self.mostBlocks * 4, Int(room) / Self.blockSize)
        let span = isSetAside ? room : Int64(blocks * Self.blockSize)
        let places = (0..<blocks).map { index in
            // To the last block; on whole blocks.
            (span - Int64(Self.blockSize)) / Int64(max(1, blocks - 1)) * Int64(index) / 4096 * 4096
        }
        let writing = try clock.measure {
            for (index, place) in places.enumerated() {
                try write(Self.content(seed, index), to: file, at: place)
                progress(Double(index) / Double(2 * blocks))
            }
            guard fdatasync(file.number) == 0 else { throw SystemError(errno, "flush to the drive") }
        }
        // What is in memory would say nothing of the drive.
        posix_fadvise(file.number, 0, 0, POSIX_FADV_DONTNEED)
        var wrong = 0
        let reading = try clock.measure {
            for (index, place) in places.enumerated() {
                if try !holds(Self.content(seed, index), in: file, at: place) { wrong += 1 }
                progress(0.5 + Double(index) / Double(2 * blocks))
            }
        }
        let bytes = Double(blocks * Self.blockSize)
        return Result(
            span: span, blocks: blocks, wrong: wrong, writing: bytes / (writing / .seconds(1)),
            reading: bytes / (reading / .seconds(1)), flush: try flush(file))
    }

    private func flush(_ file: borrowing Descriptor) throws -> Duration {
        var times: [Duration] = []
        for turn in 0..<Self.flushes {
            let content = [UInt8](repeating: UInt8(turn), count: 4096)
            times.append(
                try clock.measure {
                    try write(content, to: file, at: 0)
                    guard fdatasync(file.number) == 0 else { throw SystemError(errno, "flush to the drive") }
                })
        }
        return times.sorted()[times.count / 2]
    }

    private func write(_ content: [UInt8], to file: borrowing Descriptor, at place: Int64) throws {
        var done = 0
        while done < content.count {
            let count = content.withUnsafeBytes { bytes in
                pwrite(file.number, bytes.baseAddress?.advanced(by: done), content.count - done, Int(place) + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(count < 0 ? errno : EIO, "write to the drive") }
            done += count
        }
    }

    /// False also for a block that the drive cannot read.
    private func holds(_ content: [UInt8], in file: borrowing Descriptor, at place: Int64) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: content.count)
        var done = 0
        while done < buffer.count {
            let rest = buffer.count - done
            let count = buffer.withUnsafeMutableBytes { bytes in
                pread(file.number, bytes.baseAddress?.advanced(by: done), rest, Int(place) + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return buffer == content
    }

    /// Noise that tells its place (splitmix64).
    static func content(_ seed: UInt64, _ index: Int) -> [UInt8] {
        var state = seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        var words = [UInt64](repeating: 0, count: blockSize / 8)
        for place in words.indices {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            words[place] = word ^ (word >> 31)
        }
        return words.withUnsafeBytes(Array.init)
    }
}
