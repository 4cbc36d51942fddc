import Glibc
import Platform

/// Puts an image together: zeros become holes, and nothing is mounted.
struct DiskWriter {
    private static let step = 1 << 20

    /// Writes to `assembly.partial`.
    ///
    /// - Throws: `image.noSpace`, `image.tooSmall`, `image.write`; `CancellationError`.
    static func write(_ assembly: DiskAssembly) throws {
        let sector = UInt64(PartitionTable.sectorSize)
        unlink(assembly.partial)
        do {
            let file = try Descriptor(opening: assembly.partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
            guard ftruncate(file.number, Int(assembly.table.sectors * sector)) == 0 else {
                throw SystemError(errno, "make room for \(assembly.partial)")
            }
            try file.write(assembly.table.head, at: 0)
            let tail = assembly.table.tail
            try file.write(tail, at: assembly.table.sectors * sector - UInt64(tail.count))
            for partition in assembly.table.partitions {
                guard let part = ImageLayout.Part(rawValue: partition.name), let source = assembly.parts[part] else {
                    continue
                }
                try copy(source, to: file, at: partition.start * sector, most: partition.count * sector)
            }
            guard fsync(file.number) == 0 else { throw SystemError(errno, "write \(assembly.partial)") }
        } catch {
            unlink(assembly.partial)
            throw Self.failure(error)
        }
    }

    private static func copy(
        _ path: String, to disk: borrowing Descriptor, at offset: UInt64, most: UInt64
    ) throws {
        let source = try Descriptor(opening: path, O_RDONLY)
        let size = lseek(source.number, 0, SEEK_END)
        guard size >= 0 else { throw SystemError(errno, "read \(path)") }
        guard UInt64(size) <= most else {
            throw Failure(
                "image.tooSmall", "\(path) has \(size >> 20) MiB, and its partition \(most >> 20) MiB.",
                hint: "give the partition more in the recipe's layout")
        }
        var place = 0
        var buffer = [UInt8](repeating: 0, count: step)
        while let extent = DataExtent(after: place, in: source, size: size) {
            place = extent.lowerBound
            while place < extent.upperBound {
                try Task.checkCancellation()
                let count = try source.read(into: &buffer, at: place, most: extent.upperBound - place)
                guard count > 0 else { break }
                try disk.write(sparse: buffer[..<count], at: offset + UInt64(place))
                place += count
            }
            place = max(place, extent.upperBound)
        }
    }

    static func failure(_ error: any Error) -> any Error {
        guard let error = error as? SystemError else { return error }
        guard error.number == ENOSPC || error.number == EDQUOT else {
            return Failure("image.write", "The image cannot be written: \(error).")
        }
        return Failure(
            "image.noSpace", "There is no room for the image: \(error).", hint: "make room there, or --output elsewhere"
        )
    }
}

/// A part of a file that is no hole (lseek(2), SEEK_DATA).
struct DataExtent {
    let lowerBound: Int
    let upperBound: Int

    /// The next one from a place on; nil when only holes are left.
    init?(after place: Int, in file: borrowing Descriptor, size: Int) {
        guard place < size else { return nil }
        // Values of asm-generic; glibc names them for _GNU_SOURCE only.
        let start = lseek(file.number, place, 3)
        guard start >= 0 else {
            // ENXIO: no data behind it. A file system that knows no holes has one extent.
            guard errno != ENXIO else { return nil }
            (lowerBound, upperBound) = (place, size)
            return
        }
        let end = lseek(file.number, start, 4)
        (lowerBound, upperBound) = (start, end > start ? end : size)
    }
}

extension Descriptor {
    /// All of it, at a place.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) { try write(bytes[...], at: offset) }

    func write(_ bytes: ArraySlice<UInt8>, at offset: UInt64) throws(SystemError) {
        var rest = bytes
        var place = Int(offset)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, place) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "write") }
            rest = rest.dropFirst(count)
            place += count
        }
    }

    /// Blocks that are all zero are passed over: the file behind is new, and they are holes.
    func write(sparse bytes: ArraySlice<UInt8>, at offset: UInt64) throws(SystemError) {
        var start = bytes.startIndex
        var run = start
        while start < bytes.endIndex {
            let end = min(start + ZeroBlock.size, bytes.endIndex)
            let isZero = bytes[start..<end].withUnsafeBytes { ZeroBlock.matches($0) }
            if isZero {
                if run < start { try write(bytes[run..<start], at: offset + UInt64(run - bytes.startIndex)) }
                run = end
            }
            start = end
        }
        if run < bytes.endIndex { try write(bytes[run...], at: offset + UInt64(run - bytes.startIndex)) }
    }

    /// At most what the buffer holds; 0 at the end.
    func read(into buffer: inout [UInt8], at offset: Int, most: Int) throws(SystemError) -> Int {
        while true {
            let wanted = min(most, buffer.count)
            let count = buffer.withUnsafeMutableBytes { pread(number, $0.baseAddress, wanted, offset) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "read") }
            return count
        }
    }
}

/// A block of zeros, to compare with.
enum ZeroBlock {
    static let size = 4096
    private static let zeros = [UInt8](repeating: 0, count: size)

    static func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        return zeros.withUnsafeBytes { zeros in
            zeros.baseAddress.map { memcmp(start, $0, min(bytes.count, size)) == 0 } ?? false
        }
    }
}
