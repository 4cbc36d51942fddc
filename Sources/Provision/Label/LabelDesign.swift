import Site

/// What stands where: two designs, which are scaled up to larger paper, and never down.
struct LabelDesign: Sendable {
    let width: Double
    let height: Double
    /// At most so long is a side of the code: what printers reach (3 mm at the ends of a label are out of their reach).
    let codeSide: Double
    /// From the top: the height that the code has to itself, quiet zone included.
    let codeHeight: Double
    private let drawTexts: @Sendable (LabelContent, inout LabelDrawing, Column) -> Void

    /// The texts beside the code: from where to where.
    struct Column {
        let left: Double
        let width: Double
        /// Where the dark part of the code begins.
        let code: Double
    }

    /// The one that says most.
    static func largest(for size: LabelSize) -> LabelDesign {
        size.width >= large.width && size.height >= large.height ? large : small
    }

    func draw(_ content: LabelContent, _ drawing: inout LabelDrawing, left: Double, code: Double) {
        drawTexts(content, &drawing, Column(left: left, width: width - 1.7 - left, code: code))
    }

    static let small = LabelDesign(width: 62, height: 29, codeSide: 22.95, codeHeight: 29) { content, drawing, column in
        let x = column.left
        drawing.fitted(content.product, x, 4.4, .sans(1.55), width: column.width, smallest: 1.4)
        identity(content, &drawing, column, baseline: 8.6, size: 4.2)
        drawing.fitted(content.site, x, 11.7, .bold(2.3), width: column.width, smallest: 1.9)
        drawing.rule(x, 12.9, width: column.width, thickness: 0.17)
        drawing.fitted(content.pageURL, x, 15.4, .mono(1.9), width: column.width, smallest: 1.3)
        if let groups = content.token?.groups {
            drawing.text(groups[..<4].joined(separator: "-") + "-", x, 17.95, .mono(2.15, bold: true))
            drawing.text(groups[4...].joined(separator: "-"), x, 20.35, .mono(2.15, bold: true))
        }
        let lines = content.fingerprint?.lines(8) ?? []
        let fine = LabelDrawing.Style.mono(1.3)
        for (line, text) in lines.enumerated() { drawing.text(text, x, 22.2 + Double(line) * 1.25, fine) }
        // Beside the fingerprint, or in its place.
        let next = lines.isEmpty ? x : x + 19
        if !lines.isEmpty {
            drawing.text("Certificate", next, 22.2, .sans(1.3))
            drawing.text("SHA-256", next, 23.45, .sans(1.3))
        }
        if let mac = content.mac {
            drawing.text("MAC", next, 24.7, .sans(1.3))
            drawing.fitted(mac, next, 25.95, fine, width: x + column.width - next, smallest: 1.1)
        }
    }

    static let large = LabelDesign(width: 100, height: 62, codeSide: 40, codeHeight: 49) { content, drawing, column in
        let x = column.left
        drawing.fitted(content.product, x, 7, .sans(2.4), width: column.width, smallest: 1.8)
        identity(content, &drawing, column, baseline: 13.4, size: 6.4)
        drawing.fitted(content.site, x, 18.4, .bold(3.4), width: column.width, smallest: 2.6)
        drawing.rule(x, 20.8, width: column.width, thickness: 0.25)
        let caption = LabelDrawing.Style.sans(1.9)
        drawing.text(content.token == nil ? "Page" : "Setup page", x, 24.9, caption)
        drawing.fitted(content.pageURL, x, 28.3, .mono(2.8), width: column.width, smallest: 1.6)
        if let groups = content.token?.groups {
            drawing.text("Setup code, good for one login", x, 32.6, caption)
            drawing.text(groups[..<4].joined(separator: "-") + "-", x, 36.7, .mono(3.5, bold: true))
            drawing.text(groups[4...].joined(separator: "-"), x, 40.8, .mono(3.5, bold: true))
        }
        if let fingerprint = content.fingerprint {
            drawing.text("Certificate, SHA-256", x, 46, caption)
            for (line, text) in fingerprint.lines(8).enumerated() {
                drawing.text(text, x, 49.2 + Double(line) * 2.8, .mono(2.2))
            }
        }
        let under = column.left - column.code - 2
        drawing.text(content.token == nil ? "Scan to open" : "Scan to set up", column.code, 50, .bold(2.9))
        if let mac = content.mac {
            drawing.fitted("MAC \(mac)", column.code, 54.2, caption, width: under, smallest: 1.5)
        }
        if let serial = content.boardSerial {
            drawing.fitted("Board \(serial)", column.code, 57.6, caption, width: under, smallest: 1.5)
        }
    }

    /// The unit's ID is never shortened: where a line would be too fine to read, it takes two.
    private static func identity(
        _ content: LabelContent, _ drawing: inout LabelDrawing, _ column: Column, baseline: Double, size: Double
    ) {
        let id = content.unit.description
        let style = LabelDrawing.Style.bold(size)
        guard column.width / TextWidth.ems(id, style) < size / 2.2 else {
            drawing.fitted(id, column.left, baseline, style, width: column.width, smallest: 0)
            return
        }
        let halves = [id.prefix((id.count + 1) / 2), id.suffix(id.count / 2)].map(String.init)
        let widest = halves.map { TextWidth.ems($0, style) }.max() ?? 1
        let half = style.sized(min(size / 2, column.width / widest))
        drawing.text(halves[0], column.left, baseline - size * 0.45, half)
        drawing.text(halves[1], column.left, baseline, half)
    }
}
