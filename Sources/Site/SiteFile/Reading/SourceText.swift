/// What is checked of the bytes and characters before any YAML is read.
enum SourceText {
    /// The largest site file that is read, in bytes.
    static let maximumSize = 1 << 20

    /// The text without byte order mark; nil, with errors noted, when it cannot be read as YAML at all.
    static func check(_ text: String, _ findings: inout Findings) -> String? {
        let start = SourcePosition(line: 1, column: 1)
        guard text.utf8.count <= maximumSize else {
            findings.add(
                .error, start, "", "the file is larger than 1 MiB", "a \(findings.noun) is a few hundred lines")
            return nil
        }
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" {
            findings.add(.warning, start, "", "the file begins with a byte order mark", "save it as UTF-8 without BOM")
            text.unicodeScalars.removeFirst()
        }
        var position = start
        var previous: Unicode.Scalar = "\n"
        var hasReturns = false
        for scalar in text.unicodeScalars {
            if !isPrintable(scalar) {
                let code = String(scalar.value, radix: 16, uppercase: true)
                findings.add(
                    .error, position, "",
                    "the control character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) cannot stand in a \(findings.noun)",
                    "remove it")
                return nil
            }
            if scalar == "\n", previous == "\r", !hasReturns {
                hasReturns = true
                findings.add(
                    .warning, position, "", "lines end with CR LF, as on Windows", "save with Unix line ends")
            }
            let ends = scalar == "\n" ? previous != "\r" : scalar == "\r"
            if ends { position.line += 1 }
            if ends || scalar == "\n" { position.column = 1 } else { position.column += 1 }
            previous = scalar
        }
        return refuseAliasFloods(text, &findings) ? nil : text
    }

    /// UTF-8 bytes to text; nil, with the place of the first bad byte noted.
    static func decode(_ bytes: [UInt8], _ findings: inout Findings) -> String? {
        let start = SourcePosition(line: 1, column: 1)
        guard bytes.count <= maximumSize else {
            findings.add(
                .error, start, "", "the file is larger than 1 MiB", "a \(findings.noun) is a few hundred lines")
            return nil
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            findings.add(.error, start, "", "the file is UTF-16", "save it as UTF-8")
            return nil
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var good = 0
        var position = start
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            good += UTF8.width(scalar)
            if scalar == "\n" { position = .init(line: position.line + 1, column: 1) } else { position.column += 1 }
        }
        findings.add(
            .error, position, "", "byte \(good + 1) of the file is not UTF-8",
            "save it as UTF-8, without Latin-1 letters")
        return nil
    }

    /// `c-printable` of YAML 1.2.2, 5.1.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            true
        default: false
        }
    }

    /// Refuses files in which many aliases could multiply, before the YAML library follows them.
    ///
    /// A few are let through, and are named with their place when the tree is read.
    private static func refuseAliasFloods(_ text: String, _ findings: inout Findings) -> Bool {
        var anchors = 0
        var aliases = 0
        var first: SourcePosition?
        var position = SourcePosition(line: 1, column: 1)
        var previous: Unicode.Scalar = "\n"
        let before: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", "[", "{", ",", "-", ":", "?"]
        for scalar in text.unicodeScalars {
            if before.contains(previous) {
                if scalar == "&" { anchors += 1 }
                if scalar == "*" { aliases += 1 }
                if scalar == "*", first == nil { first = position }
            }
            if scalar == "\n" { position = .init(line: position.line + 1, column: 1) } else { position.column += 1 }
            previous = scalar
        }
        guard anchors > 0, aliases > 8, let first else { return false }
        findings.add(
            .error, first, "", "anchors (&) and aliases (*) are not used in \(findings.noun)s", "write each value out")
        return true
    }
}
