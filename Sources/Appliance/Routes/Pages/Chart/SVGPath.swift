/// SVG path data in whole or half units: short, and equal for equal input.
struct SVGPath: Hashable, Sendable {
    private(set) var data = ""

    mutating func move(_ x: Double, _ y: Double) { append("M", x, y) }
    mutating func line(_ x: Double, _ y: Double) { append("L", x, y) }
    mutating func close() { data += "Z" }

    private mutating func append(_ command: String, _ x: Double, _ y: Double) {
        data += command + Self.number(x) + " " + Self.number(y)
    }

    /// Half units are finer than a pixel at every size the charts are drawn.
    static func number(_ value: Double) -> String {
        let halves = Int((min(max(value, -1e6), 1e6) * 2).rounded())
        return halves % 2 == 0 ? String(halves / 2) : (halves < 0 ? "-" : "") + "\(abs(halves) / 2).5"
    }
}
