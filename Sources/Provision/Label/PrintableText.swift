/// Outside text on its way to paper.
///
/// Names come from site files, so from anybody: what XML and HTML forbid or act upon, and what turns the order of the
/// letters around it, must not get through.
enum PrintableText {
    /// One line: control characters and line breaks are blanks, marks that reorder a text are gone.
    static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            // Embeddings, overrides and isolates (UAX 9), which reach beyond the text that holds them.
            case "\u{061C}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": continue
            // Neither is a character that XML 1.0 (2.2) allows; nor is a byte order mark anything on paper.
            case "\u{FFFE}", "\u{FFFF}", "\u{FEFF}": continue
            case _ where scalar.properties.generalCategory == .control: line.append(" ")
            case "\u{2028}", "\u{2029}": line.append(" ")
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line.split(separator: " ").joined(separator: " ")
    }

    /// `line`, for element content and quoted attributes of XML and HTML.
    static func markup(_ text: String) -> String {
        var markup = ""
        for character in line(text).unicodeScalars {
            switch character {
            case "&": markup += "&amp;"
            case "<": markup += "&lt;"
            case ">": markup += "&gt;"
            case "\"": markup += "&quot;"
            case "'": markup += "&#39;"
            default: markup.unicodeScalars.append(character)
            }
        }
        return markup
    }
}
