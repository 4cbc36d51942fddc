/// The shapes of single values that all sections share.
enum Shapes {
    /// Free text on one line.
    ///
    /// YAML's numbers and truth values are taken as they are written: `name: 42`.
    static func text(_ length: ClosedRange<Int> = 1...128) -> Shape<String> {
        .scalar(
            "a text",
            schema: .object([
                "type": .strings(["string", "number", "boolean"]), "minLength": .number(Double(length.lowerBound)),
                "maxLength": .number(Double(length.upperBound)),
            ]),
            write: { .text($0) }
        ) { text in
            guard !text.contains(where: \.isNewline) else { return .failure(.init("the text has more than one line")) }
            guard text.contains(where: { !$0.isWhitespace }) else { return .failure(.init("the text is empty")) }
            guard length.contains(text.unicodeScalars.count) else {
                return .failure(.init("the text is longer than \(length.upperBound) letters"))
            }
            return .success(text)
        }
    }

    /// An id: part of metric names, file names and topics, so a small alphabet.
    static let id: Shape<String> = .scalar(
        "an id", schema: .object(["type": .string("string"), "pattern": .string("^[a-z][a-z0-9-]{0,47}$")]),
        write: { .text($0) }
    ) { text in
        guard text.utf8.count <= 48, let first = text.first, first.isASCII, first.isLowercase,
            text.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
        else {
            return .failure(
                .init(
                    "'\(text.excerpt)' is not an id",
                    hint: "lower-case letters, digits and '-', a letter first, at most 48"))
        }
        return .success(text)
    }

    /// An engine ID of SNMPv3 (RFC 3411, 5): 5 to 32 bytes.
    ///
    /// Without quotes it is a number to YAML.
    static let engine: Shape<String> = .scalar(
        "an engine ID",
        schema: .object(["type": .strings(["string", "number"]), "pattern": .string("^0[xX]([0-9a-fA-F]{2}){5,32}$")]),
        write: { .text($0) }
    ) { text in
        let digits = text.dropFirst(2)
        guard text.lowercased().hasPrefix("0x"), (10...64).contains(digits.utf8.count),
            digits.utf8.count.isMultiple(of: 2),
            digits.allSatisfy({ $0.isASCII && $0.isHexDigit })
        else {
            return .failure(
                .init("'\(text.excerpt)' is not an engine ID", hint: "5 to 32 bytes, as in 0x80001f8804706963"))
        }
        return .success(text.lowercased())
    }

    /// The name of an entry of `secrets.yaml`; never the secret itself.
    static let secret: Shape<String> = id

    /// A word of a closed list; truth values of YAML 1.1 stand for `on` and `off`.
    static func word<Word: RawRepresentable & CaseIterable & Sendable>(
        _ noun: String, _: Word.Type = Word.self
    ) -> Shape<Word> where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue)
        let truths: [JSONValue] =
            (words.contains("on") ? [.boolean(true)] : [])
            + (words.contains("off") || words.contains("no") ? [.boolean(false)] : [])
        return .scalar(
            noun, schema: .object(["enum": .array(words.map { .string($0) } + truths)]),
            write: { .text($0.rawValue) }
        ) { text in
            let plain = words.contains("on") ? truthWords[text] ?? text : text
            if let word = Word(rawValue: plain) { return .success(word) }
            return .failure(
                .init("'\(text.excerpt)' is not \(noun)", hint: Suggestion.hint(text, in: words)))
        }
    }

    private static let truthWords = ["true": "on", "yes": "on", "false": "off", "no": "off"]

    /// `true` or `false`; `on`, `off`, `yes` and `no` are the same.
    static let flag: Shape<Bool> = .scalar(
        "true or false",
        schema: .object([
            "enum": .array([.boolean(true), .boolean(false)] + ["on", "off", "yes", "no"].map { .string($0) })
        ]),
        write: { .flag($0) }
    ) { text in
        switch text {
        case "true", "on", "yes": .success(true)
        case "false", "off", "no": .success(false)
        default: .failure(.init("expected true or false, found '\(text.excerpt)'"))
        }
    }

    static func number(
        _ range: ClosedRange<Double>, above minimum: Double? = nil, _ unit: String = ""
    ) -> Shape<Double> {
        let noun = unit.isEmpty ? "a number" : "a number of \(unit)"
        let lower: JSONValue.Member =
            minimum.map { .init(name: "exclusiveMinimum", value: .number($0)) }
            ?? .init(name: "minimum", value: .number(range.lowerBound))
        return Shape(
            read: { node, findings in
                guard let text = node.unquotedText(noun, &findings) else { return nil }
                guard let number = DecimalText.number(text) else {
                    findings.error(node, "expected \(noun), found '\(text.excerpt)'", hint: numberHint(text, unit))
                    return nil
                }
                guard range.contains(number), minimum.map({ number > $0 }) ?? true else {
                    let bounds =
                        minimum.map { "above \(DecimalText.text($0)), at most" }
                        ?? "from \(DecimalText.text(range.lowerBound)) to"
                    findings.error(node, "\(text) is out of range: \(bounds) \(DecimalText.text(range.upperBound))")
                    return nil
                }
                return number
            },
            write: { .number($0) },
            schema: .object([
                .init(name: "type", value: .string("number")), lower,
                .init(name: "maximum", value: .number(range.upperBound)),
            ]), noun: noun)
    }

    /// - Parameter mayBeHexadecimal: Whether `0x200` is 512.
    static func integer(
        _ range: ClosedRange<Int>, _ noun: String = "a whole number", mayBeHexadecimal: Bool = false
    ) -> Shape<Int> {
        Shape(
            read: { node, findings in
                guard let text = node.unquotedText(noun, &findings) else { return nil }
                let isHexadecimal = mayBeHexadecimal && text.lowercased().hasPrefix("0x")
                let digits = isHexadecimal ? text.dropFirst(2) : text[...]
                guard let number = Int(digits, radix: isHexadecimal ? 16 : 10), digits.first != "+",
                    !isHexadecimal || digits.first != "-"
                else {
                    findings.error(node, "expected \(noun), found '\(text.excerpt)'")
                    return nil
                }
                guard range.contains(number) else {
                    findings.error(
                        node, "\(number) is out of range: from \(range.lowerBound) to \(range.upperBound)")
                    return nil
                }
                return number
            },
            write: { .number(Double($0)) },
            schema: .object([
                "type": .string("integer"), "minimum": .number(Double(range.lowerBound)),
                "maximum": .number(Double(range.upperBound)),
            ]), noun: noun)
    }

    static let port = integer(1...65_535, "a port")

    static func duration(_ range: ClosedRange<Duration>) -> Shape<Duration> {
        .scalar(
            "a duration like 10s, 5m, 2h or 30d",
            schema: .object(["type": .string("string"), "pattern": .string(DurationText.pattern)]),
            write: { .text($0.siteText) }
        ) { text in
            switch Duration.parse(siteText: text) {
            case .failure(let failure): return .failure(.init(failure.description))
            case .success(let duration):
                guard range.contains(duration) else {
                    return .failure(
                        .init(
                            "\(text) is out of range: from \(range.lowerBound.siteText) to \(range.upperBound.siteText)"
                        ))
                }
                return .success(duration)
            }
        }
    }

    static let size: Shape<Int64> = .scalar(
        "a size like 500MB or 2GB",
        schema: .object(["type": .string("string"), "pattern": .string(ByteSize.pattern)]),
        write: { .text(ByteSize.text($0)) }
    ) { text in
        if let bytes = ByteSize.bytes(text) { return .success(bytes) }
        let isBare = DecimalText.number(text) != nil
        return .failure(
            .init(
                isBare ? "'\(text)' has no unit" : "'\(text.excerpt)' is not a size",
                hint: "write a number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB: 2GB"))
    }

    private static func numberHint(_ text: String, _ unit: String) -> String? {
        if text.contains(","), DecimalText.number(text.replacing(",", with: ".")) != nil {
            return "the decimal sign is a point"
        }
        return unit.isEmpty ? nil : "write the number alone; the unit is \(unit)"
    }
}

extension SourceNode {
    /// The text of a plain scalar; a number in quotes is a text to every other tool.
    fileprivate func unquotedText(_ noun: String, _ findings: inout Findings) -> String? {
        guard let text = scalarText(noun, &findings) else { return nil }
        guard case .scalar(_, isQuoted: true) = content else { return text }
        findings.error(self, "expected \(noun), found a text", hint: "remove the quotes")
        return nil
    }
}
