import Site

/// The label as a drawing that needs nothing beside it: no font file, no picture, no script.
public struct LabelSVG: Sendable {
    public let text: String
    public let size: LabelSize

    /// - Parameter code: The code of `content.setupURL`.
    public init(_ content: LabelContent, code: QRCode, size: LabelSize = .small) {
        let design = LabelDesign.largest(for: size)
        let dots = size.dots
        let width = Double(dots.width) * Dot.size
        let height = Double(dots.height) * Dot.size
        let scale = min(width / design.width, height / design.height)
        let left = (width - design.width * scale) / 2
        let top = (height - design.height * scale) / 2
        let box = CodeBox(design, code, scale: scale, left: left, top: top)

        var texts = LabelDrawing()
        design.draw(content, &texts, left: (box.right - left) / scale, code: (box.x - left) / scale)
        var drawing = LabelDrawing()
        drawing.code(code, box.x, box.y, module: box.module)
        drawing.group(x: left, y: top, scale: scale, texts)

        self.size = size
        let number = LabelDrawing.number
        text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))mm" height="\(number(height))mm" \
            viewBox="0 0 \(number(width)) \(number(height))" fill="#000">
            <title>\(PrintableText.markup("Label of \(content.unit)"))</title>
            <rect width="100%" height="100%" fill="#fff"/>
            \(drawing.body)</svg>

            """
    }
}

/// Where the code stands, and how large a module is: whole dots.
private struct CodeBox {
    let x: Double
    let y: Double
    let module: Double
    /// Where the quiet zone ends.
    let right: Double

    /// As large as the design allows, with its quiet zone on the label.
    init(_ design: LabelDesign, _ code: QRCode, scale: Double, left: Double, top: Double) {
        let quiet = QRCode.quietZone
        let printable = Int(design.codeSide * scale / Dot.size)
        let whole = Int(design.codeHeight * scale / Dot.size)
        let dots = max(1, min(printable / code.side, whole / (code.side + 2 * quiet)))
        let column = Int((left / Dot.size).rounded(.up)) + dots * quiet
        // In the middle of its share of the height.
        let row = Int(top / Dot.size) + (whole - dots * code.side) / 2
        x = Double(column) * Dot.size
        y = Double(row) * Dot.size
        module = Double(dots) * Dot.size
        right = Double(column + dots * (code.side + quiet)) * Dot.size
    }
}
