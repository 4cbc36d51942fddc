/// The paper of a label, in millimetres.
public struct LabelSize: Hashable, Sendable {
    public let width: Double
    public let height: Double

    /// 62 × 29 mm: Brother DK-11209, and the smallest there is.
    public static let small = LabelSize(unchecked: 62, 29)
    /// 100 × 62 mm: a piece of 62 mm tape, or a shipping label.
    public static let large = LabelSize(unchecked: 100, 62)

    /// nil when nothing legible fits, or the paper is larger than A6 (148 × 105 mm).
    public init?(width: Double, height: Double) {
        guard (Self.small.width...148).contains(width), (Self.small.height...105).contains(height) else { return nil }
        self.init(unchecked: width, height)
    }

    /// Reads `62x29` or `62×29`, with decimals where there are any.
    public init?(_ text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "×" }
        guard parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } }),
            let width = Double(parts[0]), let height = Double(parts[1])
        else { return nil }
        self.init(width: width, height: height)
    }

    private init(unchecked width: Double, _ height: Double) {
        self.width = width
        self.height = height
    }

    /// Whole dots of the printer, so that a program that draws the label need not round.
    var dots: (width: Int, height: Int) {
        (Int((width / Dot.size).rounded()), Int((height / Dot.size).rounded()))
    }
}

/// What a label printer can make black: 300 to the inch.
///
/// The edges of the code's modules fall between two dots: a scanner then sees no grey.
enum Dot {
    static let perInch = 300
    /// In millimetres.
    static let size = 25.4 / Double(perInch)
}
