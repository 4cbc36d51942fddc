import Crypto
import Glibc
import Platform

/// Writes an image onto a disk by its block map, and reads it back.
///
/// The beginning of the disk, where its table is, is cleared first and written last: a card that was pulled out half
/// way looks like none.
struct CardWriter: Sendable {
    /// A multiple of the map's blocks.
    private static let step = 1 << 20
    private static let head: UInt64 = 1 << 20

    let image: ImageFile
    let disk: String
    /// Bytes that are done, and all.
    let progress: @Sendable (UInt64, UInt64) -> Void

    /// - Throws: `image.damaged` when the image is not as its map says, before the disk looks like a card; `flash.…`;
    ///   `CancellationError`.
    func write() throws {
        do {
            let source = try Descriptor(opening: image.path, O_RDONLY)
            // O_EXCL: the kernel refuses a disk of which anybody uses a part.
            let target = try Descriptor(opening: disk, O_RDWR | O_EXCL)
            try clear(target)
            try copy(try image.map(), from: source, to: target)
        } catch { throw failure(error) }
    }

    /// - Throws: `flash.differs`; as `write`.
    func readBack() throws {
        do {
            let map = try image.map()
            let target = try Descriptor(opening: disk, O_RDONLY)
            // What is read is to come from the disk.
            posix_fadvise(target.number, 0, 0, POSIX_FADV_DONTNEED)
            var buffer = [UInt8](repeating: 0, count: Self.step)
            var done: UInt64 = 0
            for range in map.ranges {
                var hash = SHA256()
                var place = range.first * UInt64(BlockMap.blockSize)
                let end = min((range.last + 1) * UInt64(BlockMap.blockSize), map.size)
                while place < end {
                    let count = try piece(of: target, disk, at: place, to: end, &buffer)
                    hash.update(data: buffer[..<count])
                    place += UInt64(count)
                    done += UInt64(count)
                    progress(done, map.mappedBytes)
                }
                guard Array(hash.finalize()).hexadecimal == range.digest else {
                    throw Failure(
                        "flash.differs", "What is read from \(disk) is not what was written there.",
                        hint: "take another card, or another reader")
                }
            }
        } catch { throw failure(error) }
    }

    /// Neither the table of what was there before nor its copy is left.
    private func clear(_ target: borrowing Descriptor) throws {
        let size = lseek(target.number, 0, SEEK_END)
        guard size >= Int(Self.head), UInt64(size) >= image.identity.size else {
            throw Failure(
                "flash.tooSmall", "\(disk) is smaller than the image.", hint: "take a larger card", status: .usage)
        }
        let zeros = [UInt8](repeating: 0, count: Int(Self.head))
        try target.write(zeros, at: 0)
        try target.write(zeros, at: UInt64(size) - Self.head)
        try synchronize(target)
    }

    private func copy(_ map: BlockMap, from source: borrowing Descriptor, to target: borrowing Descriptor) throws {
        var buffer = [UInt8](repeating: 0, count: Self.step)
        var first: [(place: UInt64, bytes: [UInt8])] = []
        var done: UInt64 = 0
        for range in map.ranges {
            var hash = SHA256()
            var place = range.first * UInt64(BlockMap.blockSize)
            let end = min((range.last + 1) * UInt64(BlockMap.blockSize), map.size)
            while place < end {
                let count = try piece(of: source, image.path, at: place, to: end, &buffer)
                let bytes = Array(buffer[..<count])
                hash.update(data: bytes)
                if place < Self.head { first.append((place, bytes)) } else { try target.write(bytes, at: place) }
                place += UInt64(count)
                done += UInt64(count)
                progress(done, map.mappedBytes)
            }
            guard Array(hash.finalize()).hexadecimal == range.digest else {
                throw Failure(
                    "image.damaged", "\(image.path) is not what its block map says.",
                    hint: "picli image verify \(image.path)")
            }
        }
        try synchronize(target)
        for (place, bytes) in first { try target.write(bytes, at: place) }
        try synchronize(target)
    }

    private func piece(
        of file: borrowing Descriptor, _ path: String, at place: UInt64, to end: UInt64, _ buffer: inout [UInt8]
    ) throws -> Int {
        try Task.checkCancellation()
        let count = try file.read(into: &buffer, at: Int(place), most: Int(end - place))
        guard count > 0 else { throw SystemError(EIO, "read \(path)") }
        return count
    }

    private func synchronize(_ target: borrowing Descriptor) throws(SystemError) {
        guard fsync(target.number) == 0 else { throw SystemError(errno, "write \(disk)") }
    }

    private func failure(_ error: any Error) -> any Error {
        guard let error = error as? SystemError else { return error }
        switch error.number {
        case EBUSY:
            return Failure(
                "flash.inUse", "Something of \(disk) is in use.", hint: "close what shows its files, and umount it",
                status: .usage)
        case EACCES, EPERM:
            return Failure(
                "flash.denied", "You may not write to \(disk).", hint: "sudo picli image flash …", status: .usage)
        default:
            // A disk that is gone has no room left for the kernel (block/genhd.c, del_gendisk); it had, when it was cleared.
            return Failure(
                "flash.gone", "\(disk) was pulled out, or is faulty: \(error).",
                hint: "put it in again, or take another one, and give the same command")
        }
    }
}

extension BlockMap {
    /// Bytes that hold anything.
    var mappedBytes: UInt64 { mappedBlocks * UInt64(Self.blockSize) }
}
