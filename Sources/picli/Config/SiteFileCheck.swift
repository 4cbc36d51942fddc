import Platform
public import Site

/// A site file and all that is to be said of it.
struct SiteFileCheck {
    let document: ConfigCheckDocument
    private let value: SiteFile?

    init(_ input: InputText) {
        let result = SiteFile.parse(input.text, file: input.name)
        value = result.value
        document = ConfigCheckDocument(
            file: input.name, valid: result.value != nil && result.errors.isEmpty, diagnostics: result.diagnostics)
    }

    /// The verdict in one sentence: "trailer.yaml is good: 1 warning".
    var summary: String {
        let warnings = document.diagnostics.filter { $0.severity == .warning }.count
        let errors = document.diagnostics.count - warnings
        let found = [Self.count(errors, "error"), Self.count(warnings, "warning")].compactMap(\.self)
        let verdict = document.valid ? "is good" : "cannot be used"
        return found.isEmpty
            ? "\(document.file) \(verdict)." : "\(document.file) \(verdict): \(found.joined(separator: ", "))."
    }

    /// The value, or `site.invalid` (exit 64).
    @discardableResult
    func requireValid() throws -> SiteFile {
        guard let value else {
            throw Failure("site.invalid", summary, hint: "correct what is listed above", status: .usage)
        }
        return value
    }

    private static func count(_ number: Int, _ noun: String) -> String? {
        number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

/// The answer of `picli config check`.
struct ConfigCheckDocument: Answer {
    var schema = 1
    let file: String
    let valid: Bool
    let diagnostics: [SiteFileDiagnostic]

    func text(for terminal: Terminal) -> String {
        diagnostics.map { $0.description + "\n" }.joined()
    }
}

extension SiteFileDiagnostic: Encodable {
    private enum Key: String, CodingKey {
        case severity, line, column, path, message, hint
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(severity, forKey: .severity)
        try container.encode(line, forKey: .line)
        try container.encode(column, forKey: .column)
        try container.encode(path, forKey: .path)
        try container.encode(message, forKey: .message)
        try container.encodeIfPresent(hint, forKey: .hint)
    }
}
