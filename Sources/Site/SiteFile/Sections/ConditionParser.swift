/// Reads `METRIC > VALUE UNIT` and `METRIC no data`; a `clear` may leave out the metric.
extension Condition {
    /// The grammar as an ECMA 262 pattern, for JSON Schema.
    static let pattern =
        "^\\s*[a-z][^\\s<>=!]*\\s*((>=|<=|==|!=|>|<)\\s*[+-]?[0-9.eE+-]+\\s*\\S*|\\s(no data|data|on|off))\\s*$"
    static let clearPattern =
        "^\\s*([a-z][^\\s<>=!]*\\s*)?((>=|<=|==|!=|>|<)\\s*[+-]?[0-9.eE+-]+\\s*\\S*|(no )?data|on|off)\\s*$"

    static func parse(_ text: String) -> Result<Condition, ScalarFailure> {
        let example = "write 'enclosure > 60 °C' or 'enclosure no data'"
        let (name, rest) = split(text)
        guard !name.isEmpty else {
            return .failure(.init("'\(text.excerpt)' does not begin with a metric", hint: example))
        }
        guard let metric = MetricReference(siteText: name) else {
            return .failure(
                .init(
                    "'\(name.excerpt)' is not a metric",
                    hint: "write SUBJECT, SUBJECT.QUANTITY or SUBJECT.QUANTITY@INSTANCE"))
        }
        return parseTest(rest, example).map { Condition(metric: metric, test: $0) }
    }

    /// The metric is nil when it was left out.
    static func parseClear(_ text: String) -> Result<(metric: MetricReference?, test: Test), ScalarFailure> {
        let example = "write '< 55 °C' or 'data'"
        if ["data", "no data", "on", "off"].contains(text.words) {
            return parseTest(text.words, example).map { (nil, $0) }
        }
        let (name, rest) = split(text)
        guard !name.isEmpty else { return parseTest(rest, example).map { (nil, $0) } }
        guard let metric = MetricReference(siteText: name) else {
            return .failure(.init("'\(name.excerpt)' is not a metric", hint: example))
        }
        return parseTest(rest, example).map { (metric, $0) }
    }

    private static func split(_ text: String) -> (name: String, rest: String) {
        let text = text.words
        let name = text.prefix { !$0.isWhitespace && !"<>=!".contains($0) }
        return (String(name), String(text.dropFirst(name.count)).words)
    }

    private static func parseTest(_ text: String, _ example: String) -> Result<Test, ScalarFailure> {
        if text == "no data" { return .success(.noData) }
        if text == "data" { return .success(.data) }
        if text == "on" || text == "off" { return .success(.compare(.equal, text == "on" ? 1 : 0, .none)) }
        let sign = text.prefix { "<>=!".contains($0) }
        guard !sign.isEmpty else {
            return .failure(
                .init(text.isEmpty ? "there is no comparison" : "'\(text.excerpt)' is not a comparison", hint: example))
        }
        guard let comparison = Comparison(rawValue: String(sign)) else {
            return .failure(.init("'\(sign)' is not a comparison", hint: "use >, >=, <, <=, == or !="))
        }
        let threshold = String(text.dropFirst(sign.count)).words
        // The longest beginning that is a number: the rest is its unit.
        let number = threshold.prefix { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
        var digits = number[...]
        while DecimalText.number(String(digits)) == nil, !digits.isEmpty { digits = digits.dropLast() }
        guard let value = DecimalText.number(String(digits)) else {
            return .failure(.init("'\(threshold.excerpt)' does not begin with a number", hint: example))
        }
        let unit = String(threshold.dropFirst(digits.count)).words
        guard let (base, factor) = UnitText.base(of: unit) else {
            return .failure(.init("'\(unit.excerpt)' is not a unit", hint: UnitText.hint(unit)))
        }
        let scaled = value * factor
        return .success(.compare(comparison, factor == 1 ? value : UnitText.tidy(scaled), base))
    }
}

extension MetricReference {
    init?(siteText text: String) {
        let (path, instance): (Substring, String?) =
            if let at = text.firstIndex(of: "@") {
                (text[..<at], String(text[text.index(after: at)...]))
            } else {
                (text[...], nil)
            }
        let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isName = { (part: Substring) in
            part.first?.isLowercase == true
                && part.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-" || $0 == "_") }
        }
        guard parts.allSatisfy(isName), instance?.isEmpty != true, instance == nil || parts.count == 2 else {
            return nil
        }
        self.init(
            subject: String(parts[0]), quantity: parts.count == 2 ? Quantity(rawValue: String(parts[1])) : nil,
            instance: instance)
    }
}

/// Units in conditions: those that readings have, and their usual multiples.
enum UnitText {
    /// The unit that readings have, and what one of the written unit is in it.
    static func base(of text: String) -> (Unit, factor: Double)? {
        if text.isEmpty { return (.none, 1) }
        if let (unit, factor) = known[text] { return (unit, factor) }
        // Analogue inputs may have any unit; a wrong spelling of a known one is more likely than a new one.
        let isMisspelt =
            known.keys.contains { $0.lowercased() == text.lowercased() } || ["°F", "F", "C", "degC"].contains(text)
        let isPlausible = text.count <= 12 && text.allSatisfy { $0.isLetter || $0.isNumber || "/%°²³µ·^".contains($0) }
        return isPlausible && !isMisspelt ? (Unit(rawValue: text), 1) : nil
    }

    static func hint(_ text: String) -> String {
        if ["°F", "F"].contains(text) { return "temperatures are in °C" }
        if ["C", "degC", "°c", "c"].contains(text) { return "write °C" }
        if let known = known.keys.sorted().first(where: { $0.lowercased() == text.lowercased() }) {
            return "did you mean '\(known)'?"
        }
        return "units are °C, %, V, A, W, VA, Hz, hPa, B, s and what a sensor declares"
    }

    /// 12.300000000000001 to 12.3: multiples of ten are not exact in binary.
    static func tidy(_ value: Double) -> Double {
        let scaled = (value * 1e9).rounded() / 1e9
        return scaled.isFinite && abs(scaled - value) <= abs(value) * 1e-12 ? scaled : value
    }

    private static let known: [String: (Unit, Double)] = {
        var units: [String: (Unit, Double)] = [
            "°C": (.celsius, 1), "%": (.percent, 1), "VA": (.voltAmpere, 1), "kVA": (.voltAmpere, 1000),
            "Hz": (.hertz, 1), "kHz": (.hertz, 1000), "hPa": (.hectopascal, 1), "kPa": (.hectopascal, 10),
        ]
        for (symbol, unit) in [("V", Unit.volt), ("A", .ampere), ("W", .watt)] {
            units[symbol] = (unit, 1)
            units["m" + symbol] = (unit, 0.001)
            units["k" + symbol] = (unit, 1000)
        }
        for (name, size) in ByteSize.units { units[name] = (.byte, Double(size)) }
        for (name, size) in [("ms", 0.001), ("s", 1), ("min", 60), ("h", 3600), ("d", 86_400)] {
            units[name] = (.second, size)
        }
        return units
    }()
}

extension String {
    /// Without white space around it, and single blanks within.
    fileprivate var words: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
