import Crypto
import Glibc
import Platform

/// Which blocks of an image a card needs, with a checksum for each range: a bmap, version 2.0 (bmaptool).
///
/// Those are the blocks that hold anything, and zeros where a card must not keep what it held before. Its writer skips the
/// rest of a card, and knows a damaged image before the card is full.
public struct BlockMap: Hashable, Sendable {
    public struct Range: Hashable, Sendable {
        /// First and last block.
        public var first: UInt64
        public var last: UInt64
        /// SHA-256 of these blocks.
        public var digest: String
    }

    /// A part of an image that is mapped by itself: no range reaches over its beginning.
    public struct Stretch: Hashable, Sendable {
        /// Its first block.
        public var first: UInt64
        /// How many of its blocks, from the first on, a card needs also where they are zero.
        public var settled: UInt64

        public init(first: UInt64, settled: UInt64) {
            self.first = first
            self.settled = settled
        }
    }

    public static let blockSize = 4096

    /// Bytes of the image.
    public let size: UInt64
    /// SHA-256 of the whole image.
    public let digest: String
    public let ranges: [Range]

    public init(size: UInt64, digest: String, ranges: [Range]) {
        self.size = size
        self.digest = digest
        self.ranges = ranges
    }

    public var blocks: UInt64 { (size + UInt64(Self.blockSize) - 1) / UInt64(Self.blockSize) }
    public var mappedBlocks: UInt64 { ranges.reduce(0) { $0 + $1.last - $1.first + 1 } }

    /// Reads an image once, for its checksum and its map.
    ///
    /// - Throws: `SystemError`; `CancellationError`.
    public init(reading path: String, stretches: [Stretch] = []) throws {
        let file = try Descriptor(opening: path, O_RDONLY)
        let end = lseek(file.number, 0, SEEK_END)
        guard end >= 0 else { throw SystemError(errno, "read \(path)") }
        var whole = SHA256()
        var map = Mapping(stretches)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var place = 0
        func skip(to next: Int) {
            while place < next {
                let count = min(zeros.count, next - place)
                zeros.withUnsafeBytes { bytes in
                    let hole = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                    whole.update(bufferPointer: hole)
                    map.add(hole: hole, at: UInt64(place / Self.blockSize))
                }
                place += count
            }
        }
        while let extent = DataExtent(after: place, in: file, size: end) {
            // Whole blocks, also where a file system tells smaller extents.
            skip(to: extent.lowerBound / Self.blockSize * Self.blockSize)
            let upper = min(end, (extent.upperBound + Self.blockSize - 1) / Self.blockSize * Self.blockSize)
            while place < upper {
                try Task.checkCancellation()
                let count = try file.read(into: &buffer, at: place, most: upper - place)
                guard count > 0 else { throw SystemError(EIO, "read \(path)") }
                buffer.withUnsafeBytes { bytes in
                    let read = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                    whole.update(bufferPointer: read)
                    map.add(read, at: UInt64(place / Self.blockSize))
                }
                place += count
            }
        }
        skip(to: end)
        self.init(size: UInt64(end), digest: Array(whole.finalize()).hexadecimal, ranges: map.finished())
    }

    /// The ranges as they come together.
    private struct Mapping {
        /// Where a range begins, whatever stands before.
        private let starts: Set<UInt64>
        /// Blocks that count also when they are zero.
        private let settled: [ClosedRange<UInt64>]
        private var ranges: [BlockMap.Range] = []
        private var pending: (first: UInt64, last: UInt64, hash: SHA256)?

        init(_ stretches: [Stretch]) {
            starts = Set(stretches.map(\.first))
            settled = stretches.filter { $0.settled > 0 }.map { $0.first...($0.first + $0.settled - 1) }
        }

        mutating func add(_ bytes: UnsafeRawBufferPointer, at first: UInt64) {
            var block = first
            for start in stride(from: 0, to: bytes.count, by: BlockMap.blockSize) {
                let end = min(start + BlockMap.blockSize, bytes.count)
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                if settled.contains(where: { $0.contains(block) }) || !ZeroBlock.matches(piece) { take(piece, block) }
                block += 1
            }
        }

        /// Zeros for which the file has no blocks.
        mutating func add(hole: UnsafeRawBufferPointer, at first: UInt64) {
            let end = first + UInt64((hole.count + BlockMap.blockSize - 1) / BlockMap.blockSize)
            guard first < end, settled.contains(where: { $0.overlaps(first...(end - 1)) }) else { return }
            add(hole, at: first)
        }

        private mutating func take(_ piece: UnsafeRawBufferPointer, _ block: UInt64) {
            if var range = pending, range.last + 1 == block, !starts.contains(block) {
                range.hash.update(bufferPointer: piece)
                range.last = block
                pending = range
                return
            }
            close()
            var hash = SHA256()
            hash.update(bufferPointer: piece)
            pending = (block, block, hash)
        }

        private mutating func close() {
            guard let range = pending else { return }
            pending = nil
            ranges.append(
                BlockMap.Range(
                    first: range.first, last: range.last, digest: Array(range.hash.finalize()).hexadecimal))
        }

        mutating func finished() -> [BlockMap.Range] {
            close()
            return ranges
        }
    }
}
