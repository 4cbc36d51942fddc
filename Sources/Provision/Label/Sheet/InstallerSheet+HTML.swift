extension InstallerSheet {
    /// The sheet as one page for the printer (A4 or Letter): no script, and nothing that is loaded from elsewhere.
    ///
    /// - Parameter code: The code of the label, to be printed beside the first login.
    public func html(code: QRCode? = nil) -> String {
        var body = "<header>\n<h1>\(Self.escaped(title))</h1>\n\(Self.facts(heading))</header>\n"
        if isSecret { body += "<p class=\"secret\">\(Self.escaped(Self.secrecy))</p>\n" }
        for (index, section) in sections.enumerated() {
            let drawing = index == 0 ? code.map(Self.picture) ?? "" : ""
            let blocks = section.blocks.map(Self.block).joined()
            body += "<section>\n<h2>\(Self.escaped(section.title))</h2>\n\(drawing)\(blocks)</section>\n"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="robots" content="noindex">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(Self.escaped(title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            \(body)</body>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String { PrintableText.markup(text) }

    /// Outside text beside other text: the direction of its letters stays its own.
    private static func isolated(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }

    private static func block(_ block: Block) -> String {
        switch block {
        case .paragraph(let text): "<p>\(isolated(text))</p>\n"
        case .facts(let facts): self.facts(facts)
        case .table(let table): self.table(table)
        case .steps(let steps): "<ol>\n\(steps.map { "<li>\(isolated($0))</li>\n" }.joined())</ol>\n"
        case .checks(let checks):
            "<ul class=\"checks\">\n\(checks.map { "<li>\(isolated($0))</li>\n" }.joined())</ul>\n"
        }
    }

    private static func facts(_ facts: [Fact]) -> String {
        let rows = facts.map { fact in
            let value =
                switch fact.value {
                case .text(let text): isolated(text)
                case .literal(let lines): lines.map { "<code>\(escaped($0))</code>" }.joined(separator: "<br>")
                case .blank: "<span class=\"blank\"></span>"
                }
            return "<div><dt>\(escaped(fact.name))</dt><dd>\(value)</dd></div>\n"
        }
        return "<dl>\n\(rows.joined())</dl>\n"
    }

    private static func table(_ table: Table) -> String {
        let head = table.columns.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
        let rows = table.rows.map { row in
            let cells = row.enumerated().map { column, text in
                let content = table.literals.contains(column) ? "<code>\(escaped(text))</code>" : isolated(text)
                return column == 0 ? "<th scope=\"row\">\(content)</th>" : "<td>\(content)</td>"
            }
            return "<tr>\(cells.joined())</tr>\n"
        }
        return "<table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(rows.joined())</tbody>\n</table>\n"
    }

    private static func picture(_ code: QRCode) -> String {
        let side = code.side + 2 * QRCode.quietZone
        return """
            <svg class="code" viewBox="\(-QRCode.quietZone) \(-QRCode.quietZone) \(side) \(side)" role="img" \
            aria-label="Code of the setup page"><path shape-rendering="crispEdges" d="\(code.path)"/></svg>

            """
    }

    /// Points and millimetres: the page is paper first.
    private static let style = """
        @page { margin: 16mm 15mm; }
        :root { color: #000; background: #fff; font: 10pt/1.45 sans-serif; }
        body { max-width: 180mm; margin: 0 auto; }
        @media screen { body { padding: 12mm 6mm; } }
        header { border-bottom: 1.5pt solid #000; padding-bottom: 3mm; }
        h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 3mm; overflow-wrap: anywhere; }
        h2 { font-size: 13pt; line-height: 1.2; margin: 0 0 2.5mm; break-after: avoid; }
        section { margin-top: 7mm; break-inside: avoid-page; }
        section::after { content: ""; display: block; clear: both; }
        p { margin: 2mm 0; }
        code { font-family: monospace; font-size: 0.95em; overflow-wrap: anywhere; }
        th code, td code { white-space: nowrap; overflow-wrap: normal; }
        .secret { border: 1pt solid #000; padding: 2mm 3mm; font-weight: bold; margin: 4mm 0 0; }
        .code { float: right; width: 38mm; height: 38mm; margin: -3.6mm -3.6mm 2mm 6mm; }
        dl { margin: 2mm 0; }
        dl div { display: flex; gap: 4mm; padding: 0.8mm 0; break-inside: avoid; }
        dt { flex: 0 0 38mm; }
        dd { margin: 0; overflow-wrap: anywhere; }
        dd code { font-weight: bold; }
        header dl { display: flex; flex-wrap: wrap; gap: 1mm 8mm; margin: 0; }
        header dl div { gap: 2mm; padding: 0; }
        header dt { flex: none; }
        .blank { display: inline-block; width: 60mm; height: 1.1em; border-bottom: 0.6pt solid #000; }
        table { width: 100%; border-collapse: collapse; margin: 2.5mm 0; font-size: 8.8pt; line-height: 1.35; }
        thead { display: table-header-group; }
        thead th { border-bottom: 1pt solid #000; vertical-align: bottom; }
        th, td { text-align: left; vertical-align: top; padding: 1.2mm 3mm 1.2mm 0; }
        tbody tr { border-bottom: 0.4pt solid #888; break-inside: avoid; }
        ol { margin: 2mm 0; padding-left: 5.5mm; }
        li { margin: 1mm 0; }
        .checks { list-style: none; padding: 0; }
        .checks li { padding-left: 7mm; position: relative; break-inside: avoid; }
        .checks li::before { content: ""; position: absolute; left: 0; top: 0.5mm; width: 3.4mm; height: 3.4mm;
          border: 0.8pt solid #000; }
        """
}
