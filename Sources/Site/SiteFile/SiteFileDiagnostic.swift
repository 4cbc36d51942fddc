/// One thing that is wrong, or odd, in a site file; and where.
public struct SiteFileDiagnostic: Hashable, Sendable, CustomStringConvertible {
    public enum Severity: String, Sendable, Codable {
        /// The file cannot be used.
        case error
        /// The file can be used, and probably does not do what its writer wants.
        case warning
    }

    public var severity: Severity
    /// As it was given to `SiteFile.parse`.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, counted in Unicode scalars.
    public var column: Int
    /// The entry it is about, `sensors[2].address` (counted from 0); empty for the file as a whole.
    public var path: String
    /// One sentence without a full stop: what is wrong.
    public var message: String
    /// What to do about it.
    public var hint: String?

    public init(
        severity: Severity, file: String, line: Int, column: Int, path: String, message: String, hint: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
        self.hint = hint
    }

    /// `site.yaml:12:5: error: relays[0].line: GPIO4 is …; use …`, the form that editors and CI jump from.
    public var description: String {
        let subject = path.isEmpty ? "" : "\(path): "
        return "\(file):\(line):\(column): \(severity.rawValue): \(subject)\(message)" + (hint.map { "; \($0)" } ?? "")
    }
}

/// What came of reading a site file: a value when there is no error, and everything there is to say, in file order.
public struct SiteFileResult: Hashable, Sendable {
    /// nil when there is at least one error.
    public var value: SiteFile?
    public var diagnostics: [SiteFileDiagnostic]

    public init(value: SiteFile?, diagnostics: [SiteFileDiagnostic]) {
        self.value = value
        self.diagnostics = diagnostics
    }

    public var errors: [SiteFileDiagnostic] { diagnostics.filter { $0.severity == .error } }
    public var warnings: [SiteFileDiagnostic] { diagnostics.filter { $0.severity == .warning } }
}
