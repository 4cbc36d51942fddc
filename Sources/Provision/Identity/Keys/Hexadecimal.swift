extension Sequence<UInt8> {
    /// Two lower case digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension String {
    /// The bytes of hexadecimal digits, nil for anything else.
    var hexadecimalBytes: [UInt8]? {
        let digits = utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// As it may stand in a sentence: what comes from outside must not steer a terminal, nor fill it.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars.prefix(80) {
            text += scalar.isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return unicodeScalars.count > 80 ? text + "…" : text
    }
}

extension Unicode.Scalar {
    /// Neither a control nor anything that changes how its neighbours are shown.
    var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
