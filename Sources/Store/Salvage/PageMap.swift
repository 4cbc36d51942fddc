/// The pages of a damaged database file and of its write-ahead log, read without SQLite
/// (sqlite.org/fileformat2.html).
///
/// Nothing in the file is believed: every position is checked before it is read.
struct PageMap: Sendable {
    let pageSize: Int
    /// How many pages there are, by the length of the file and what the log adds.
    private(set) var count: Int
    private let main: RawFile
    private let log: RawFile?
    /// Where in the log the newest copy of a page begins.
    private var overlay: [Int: Int] = [:]

    /// nil when the file cannot be read at all.
    ///
    /// `expected` is the page size of our own files of that kind.
    init?(path: String, expected: Int) {
        guard let main = RawFile(path) else { return nil }
        self.main = main
        log = RawFile(path + "-wal")
        pageSize = Self.pageSize(of: main, log: log, expected: expected)
        count = main.size / pageSize
        readLog()
    }

    /// The page as the last commit left it; empty when it is not there.
    func page(_ number: Int) -> [UInt8] {
        guard number >= 1, number <= count else { return [] }
        if let log, let offset = overlay[number] { return log.bytes(at: offset, count: pageSize) }
        return main.bytes(at: (number - 1) * pageSize, count: pageSize)
    }

    /// Pages that hold nothing any more: stale rows in them must not come back.
    func freePages() -> Set<Int> {
        let first = page(1)
        var free: Set<Int> = []
        var trunk = Self.number(first, at: 32)
        while trunk > 0, trunk <= count, free.insert(trunk).inserted {
            let bytes = page(trunk)
            let leaves = Self.number(bytes, at: 4)
            guard bytes.count == pageSize, leaves <= pageSize / 4 - 2 else { break }
            for index in 0..<leaves { free.insert(Self.number(bytes, at: 8 + 4 * index)) }
            trunk = Self.number(bytes, at: 0)
        }
        return free
    }

    /// Four bytes, big endian, as everywhere in the format; 0 where there are none.
    static func number(_ bytes: [UInt8], at offset: Int) -> Int {
        guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
        return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    /// The header may be damaged, so the size is the one that makes most of the first pages look like pages.
    private static func pageSize(of main: RawFile, log: RawFile?, expected: Int) -> Int {
        let header = main.bytes(at: 16, count: 2).reduce(0) { $0 << 8 | Int($1) }
        let said = log.map { number($0.bytes(at: 8, count: 4), at: 0) } ?? 0
        let candidates = [header, said].filter { $0 >= 512 && $0 <= 32_768 && $0.nonzeroBitCount == 1 }
        func score(_ size: Int) -> Int {
            (1..<64).count { index in
                // First byte of a page of a B-tree: index or table, inner page or leaf.
                main.bytes(at: index * size, count: 1).first.map { [2, 5, 10, 13].contains($0) } ?? false
            }
        }
        return candidates.reduce(expected) { best, size in score(size) > score(best) ? size : best }
    }

    /// Frames of the log's present generation carry the salts of its header; later frames replace earlier ones, and
    /// a frame that ends a transaction says how large the database is after it.
    private mutating func readLog() {
        guard let log else { return }
        let salts = log.bytes(at: 16, count: 8)
        let frames = log.size / (24 + pageSize)
        var pending: [Int: Int] = [:]
        for index in 0..<frames {
            let offset = 32 + index * (24 + pageSize)
            let frame = log.bytes(at: offset, count: 24)
            guard frame.count == 24, Array(frame[8..<16]) == salts else { break }
            pending[Self.number(frame, at: 0)] = offset + 24
            guard Self.number(frame, at: 4) > 0 else { continue }
            for (page, place) in pending where page >= 1 && page <= count + frames {
                overlay[page] = place
                count = max(count, page)
            }
            pending = [:]
        }
    }
}
