import FoundationEssentials
import GRDB

/// The rows of one leaf page of a table, taken apart without SQLite (sqlite.org/fileformat2.html, 1.6 and 2.1).
///
/// Whatever does not parse is left out; whether a row is what was written is for its checksum to say.
struct LeafPage {
    /// A row as found: which table it belongs to is not known here.
    struct Row {
        let id: Int64
        let values: [DatabaseValue]
    }

    private let bytes: [UInt8]
    private let map: PageMap
    /// Where the page's own header begins: behind the file header on page 1.
    private let header: Int

    /// What the page says it is.
    enum Sort {
        case leaf
        /// Something else that belongs into a database: an inner page, a page of an index, an overflow page.
        case other
        /// Nothing that SQLite would have written.
        case damaged
    }

    let sort: Sort

    /// nil where there is no such page.
    init?(_ number: Int, of map: PageMap) {
        bytes = map.page(number)
        self.map = map
        header = number == 1 ? 100 : 0
        guard bytes.count == map.pageSize else { return nil }
        sort =
            switch bytes[header] {
            case 13: .leaf
            case 0, 2, 5, 10: .other
            default: .damaged
            }
    }

    /// The rows that the page lists.
    func rows() -> [Row?] {
        let cells = Int(bytes[header + 3]) << 8 | Int(bytes[header + 4])
        return (0..<cells).map { index in
            let pointer = header + 8 + 2 * index
            guard pointer + 1 < bytes.count else { return nil }
            return row(at: Int(bytes[pointer]) << 8 | Int(bytes[pointer + 1]))
        }
    }

    /// Whatever looks like a row, listed or not: for a page whose list is damaged.
    func sweep() -> [Row] { (header..<bytes.count - 4).compactMap { row(at: $0) } }

    private func row(at start: Int) -> Row? {
        var offset = start
        guard let length = varint(bytes, &offset), let id = varint(bytes, &offset),
            length > 0, length < 1 << 28, let payload = payload(Int(length), at: offset)
        else { return nil }
        return values(of: payload).map { Row(id: id, values: $0) }
    }

    /// The part on the page, and the chain of overflow pages when it does not fit.
    private func payload(_ length: Int, at offset: Int) -> [UInt8]? {
        let usable = map.pageSize
        let most = usable - 35
        guard length > most else {
            guard offset + length <= bytes.count else { return nil }
            return Array(bytes[offset..<offset + length])
        }
        let least = (usable - 12) * 32 / 255 - 23
        let wanted = least + (length - least) % (usable - 4)
        let local = wanted <= most ? wanted : least
        guard offset + local + 4 <= bytes.count, length <= map.count * usable else { return nil }
        var payload = Array(bytes[offset..<offset + local])
        var next = PageMap.number(bytes, at: offset + local)
        while payload.count < length {
            let page = map.page(next)
            guard page.count == usable else { return nil }
            payload.append(contentsOf: page[4..<min(usable, 4 + length - payload.count)])
            next = PageMap.number(page, at: 0)
        }
        return payload
    }

    private func values(of payload: [UInt8]) -> [DatabaseValue]? {
        var offset = 0
        guard let headerLength = varint(payload, &offset), headerLength >= 1, headerLength <= payload.count else {
            return nil
        }
        var types: [Int64] = []
        while offset < Int(headerLength) {
            guard let type = varint(payload, &offset) else { return nil }
            types.append(type)
        }
        var values: [DatabaseValue] = []
        for type in types {
            guard let value = value(of: type, in: payload, &offset) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Serial types of the record format (table in 2.1).
    private func value(of type: Int64, in payload: [UInt8], _ offset: inout Int) -> DatabaseValue? {
        let widths: [Int64: Int] = [1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8]
        let length = widths[type] ?? (type >= 12 && type < 1 << 30 ? Int(type - 12) / 2 : 0)
        guard type >= 0, type < 1 << 30, length <= payload.count - offset else { return nil }
        let part = payload[offset..<offset + length]
        offset += length
        switch type {
        case 0: return .null
        case 8: return Int64(0).databaseValue
        case 9: return Int64(1).databaseValue
        case 7: return Double(bitPattern: part.reduce(0) { $0 << 8 | UInt64($1) }).databaseValue
        case 1...6:
            let sign: Int64 = (part.first ?? 0) >= 0x80 ? -1 : 0
            return part.reduce(sign) { $0 << 8 | Int64($1) }.databaseValue
        case 10, 11: return nil
        case _ where type.isMultiple(of: 2): return Data(part).databaseValue
        default: return String(validating: part, as: UTF8.self)?.databaseValue
        }
    }

    /// Big endian, seven bits a byte, at most nine bytes, of which the ninth counts in full.
    private func varint(_ bytes: [UInt8], _ offset: inout Int) -> Int64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard offset >= 0, offset < bytes.count else { return nil }
            let byte = bytes[offset]
            offset += 1
            if index == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { break }
        }
        return Int64(bitPattern: value)
    }
}
