import FoundationEssentials

/// Looks for a member that an object of a JSON text has twice.
///
/// Readers of JSON do not agree on which of the two counts (RFC 8259, 4), and `JSONDecoder` takes one without a word: what
/// one program has checked, another one would do otherwise.
struct RepeatedMember {
    private let bytes: [UInt8]
    private var index = 0
    /// The objects and arrays that are open, each with its names so far; nil for an array.
    private var open: [Set<String>?] = []

    /// The first name that comes twice in one object, at any depth; nil where none does.
    ///
    /// - Parameter json: What a reader of JSON has taken, in UTF-8; of other bytes the answer means nothing.
    static func name(in json: some Sequence<UInt8>) -> String? {
        var search = RepeatedMember(bytes: Array(json))
        return search.run()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() -> String? {
        // Whether a string that comes next is a name.
        var isName = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{"): open.append([])
            case UInt8(ascii: "["): open.append(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            case UInt8(ascii: ","): break
            case UInt8(ascii: "\""):
                let name = string()
                if isName, !open.isEmpty, let isNew = open[open.count - 1]?.insert(name).inserted, !isNew {
                    return name
                }
                isName = false
                continue
            default: continue
            }
            isName = byte == UInt8(ascii: "{") || byte == UInt8(ascii: ",") && open.last.map { $0 != nil } ?? false
        }
        return nil
    }

    /// The string that begins here, behind its quotation mark; reads to behind the one at its end.
    private mutating func string() -> String {
        let start = index
        var isEscaped = false
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\") {
                isEscaped = true
                index += 1
            }
            index += 1
        }
        index = min(index, bytes.count)
        let text = bytes[start..<index]
        index += 1
        guard isEscaped else { return String(decoding: text, as: UTF8.self) }
        // The same name can be written in several ways.
        let quoted = Data([UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")])
        return (try? JSONDecoder().decode(String.self, from: quoted)) ?? String(decoding: text, as: UTF8.self)
    }
}
