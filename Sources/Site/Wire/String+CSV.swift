extension String {
    /// As a field of a table (RFC 4180): quoted where it has a comma, a quote or a line end.
    public var csvField: String {
        guard unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return self }
        return "\"" + replacing("\"", with: "\"\"") + "\""
    }

    /// What others wrote, as text of a table: a spreadsheet takes what begins like a formula for one, and runs it; an
    /// apostrophe makes it text (OWASP, CSV injection).
    public var csvText: String {
        let isFormula = unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        return isFormula ? "'" + self : self
    }
}
