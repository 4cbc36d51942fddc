/// The query part of an address of our own, in the order given: `?metric=battery.voltage&range=24h`.
struct URLQuery: Hashable, Sendable {
    private(set) var text = ""

    init(_ pairs: [(name: String, value: String)] = []) {
        for pair in pairs { append(pair.name, pair.value) }
    }

    mutating func append(_ name: String, _ value: String) {
        text += text.isEmpty ? "?" : "&"
        text += Self.encoded(name) + "=" + Self.encoded(value)
    }

    /// Percent-encoding of RFC 3986, 2.1.
    ///
    /// `/`, `:` and `@` may stand in a query (3.4) and keep metric names readable.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var result = String.UnicodeScalarView()
        for byte in text.utf8 {
            let scalar = UnicodeScalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~", "/", ":", "@":
                result.append(scalar)
            default:
                result.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(result)
    }
}
