/// Sizes as people write them: `500MB`, `2GB`, `64GiB`.
enum ByteSize {
    static let pattern = #"^[0-9]+(\.[0-9]+)?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$"#

    static let units: [(name: String, size: Int64)] = [
        ("B", 1), ("kB", 1000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000),
        ("GiB", 1 << 30), ("TB", 1_000_000_000_000), ("TiB", 1 << 40),
    ]

    /// Bytes; nil for another form, or for more than 1000 TiB.
    static func bytes(_ text: String) -> Int64? {
        let name = text.drop { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let unit = units.first(where: { $0.name == name }),
            let amount = DecimalText.number(String(text.dropLast(name.count))), amount >= 0
        else { return nil }
        let bytes = amount * Double(unit.size)
        return bytes.rounded() == bytes && bytes <= 0x1p50 ? Int64(bytes) : nil
    }

    /// The shortest text that reads back: the largest unit that divides the size.
    static func text(_ bytes: Int64) -> String {
        let unit = units.last { bytes >= $0.size && bytes.isMultiple(of: $0.size) } ?? units[0]
        return "\(bytes / unit.size)\(unit.name)"
    }
}

/// Numbers as YAML 1.2 and JSON write them.
enum DecimalText {
    /// nil for anything else: `0x10`, `nan`, `1_000`, `.5`.
    static func number(_ text: String) -> Double? {
        var rest = text[...]
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        guard !whole.isEmpty else { return nil }
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
            guard !rest.isEmpty, rest.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            rest = ""
        }
        guard rest.isEmpty, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// Without a fraction of zero: `12`, `0.256`.
    static func text(_ number: Double) -> String {
        number.rounded() == number && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }
}
