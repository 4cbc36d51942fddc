/// A drawing in SVG, in millimetres; black only, since a thermal printer has no grey.
struct LabelDrawing {
    /// How a line of text looks.
    struct Style: Hashable, Sendable {
        var size: Double
        var isBold = false
        var isMonospaced = false

        static func sans(_ size: Double) -> Style { Style(size: size) }
        static func bold(_ size: Double) -> Style { Style(size: size, isBold: true) }
        static func mono(_ size: Double, bold: Bool = false) -> Style {
            Style(size: size, isBold: bold, isMonospaced: true)
        }

        func sized(_ size: Double) -> Style {
            var style = self
            style.size = size
            return style
        }
    }

    private(set) var body = ""

    /// One line that begins at `x` and stands on `y`.
    mutating func text(_ text: String, _ x: Double, _ y: Double, _ style: Style) {
        guard !text.isEmpty else { return }
        let family = style.isMonospaced ? "monospace" : "sans-serif"
        let weight = style.isBold ? " font-weight=\"700\"" : ""
        // Left to right, so that also a Hebrew name begins at `x`; its letters still run their own way.
        body += """
            <text x="\(Self.number(x))" y="\(Self.number(y))" font-family="\(family)" \
            font-size="\(Self.number(style.size))"\(weight) direction="ltr">\(PrintableText.markup(text))</text>

            """
    }

    /// The same, smaller where it must be to fit into `width`, and with an ellipsis where even `smallest` does not.
    mutating func fitted(
        _ text: String, _ x: Double, _ y: Double, _ style: Style, width: Double, smallest: Double
    ) {
        let line = PrintableText.line(text)
        let size = min(style.size, max(smallest, width / TextWidth.ems(line, style)))
        self.text(TextWidth.shortened(line, style, ems: width / size), x, y, style.sized(size))
    }

    mutating func rule(_ x: Double, _ y: Double, width: Double, thickness: Double) {
        body += """
            <rect x="\(Self.number(x))" y="\(Self.number(y))" width="\(Self.number(width))" \
            height="\(Self.number(thickness))"/>

            """
    }

    /// A code with its left upper corner at a point; crisp edges, since grey at an edge is lost on paper.
    mutating func code(_ code: QRCode, _ x: Double, _ y: Double, module: Double) {
        body += """
            <path transform="translate(\(Self.number(x)) \(Self.number(y))) scale(\(Self.number(module)))" \
            shape-rendering="crispEdges" d="\(code.path)"/>

            """
    }

    mutating func group(x: Double, y: Double, scale: Double, _ inner: LabelDrawing) {
        body += """
            <g transform="translate(\(Self.number(x)) \(Self.number(y))) scale(\(Self.number(scale)))">
            \(inner.body)</g>

            """
    }

    /// Five decimals: a thousandth of a dot.
    static func number(_ value: Double) -> String {
        let rounded = (value * 100_000).rounded() / 100_000
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}

/// How wide a text will be, in units of its size, before any font is at hand.
///
/// After DejaVu Sans, the widest of the usual fonts, which Debian installs with fontconfig: in a narrower one a line
/// ends sooner, and never runs over the edge.
enum TextWidth {
    static func ems(_ text: String, _ style: LabelDrawing.Style) -> Double {
        max(text.reduce(0) { $0 + ems($1, style) }, 0.1)
    }

    /// As much of a text as fits, and an ellipsis.
    static func shortened(_ text: String, _ style: LabelDrawing.Style, ems limit: Double) -> String {
        // A hair of tolerance: the size was computed from the same sum.
        guard ems(text, style) > limit * 1.0001 else { return text }
        var kept = ""
        var width = ems("…", style)
        for character in text {
            width += ems(character, style)
            guard width <= limit else { break }
            kept.append(character)
        }
        while kept.last == " " { kept.removeLast() }
        return kept + "…"
    }

    private static func ems(_ character: Character, _ style: LabelDrawing.Style) -> Double {
        let isWide = character.unicodeScalars.first.map { $0.value >= 0x1100 && $0.value != 0x2026 } ?? false
        guard !style.isMonospaced else { return isWide ? 1.21 : 0.603 }
        let width: Double =
            switch character {
            case _ where isWide: 1.2
            case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "-": 0.37
            case "f", "t", "r", "(", ")", "/", "\"": 0.46
            case "m", "w", "M", "W", "@", "%", "…": 1.0
            case _ where character.isUppercase: 0.76
            default: 0.635
            }
        return style.isBold ? width * 1.1 : width
    }
}
