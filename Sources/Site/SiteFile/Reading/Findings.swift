/// Collects what is wrong while a site file is read, and where: nothing stops at the first error.
struct Findings {
    let file: String
    /// What the file is, for sentences.
    let noun: String
    private(set) var diagnostics: [SiteFileDiagnostic] = []
    /// For each list, by path: which of its entries could be read, as indices of the file.
    var readable: [String: [Int]] = [:]

    /// Where errors are, and all that they are within.
    private var faultyPaths: Set<String> = []

    init(file: String, noun: String = "site file") {
        self.file = file
        self.noun = noun
    }

    private(set) var hasErrors = false

    /// A file with so much wrong is not a site file; more would help nobody.
    var isFull: Bool { diagnostics.count >= 1000 }

    mutating func error(_ node: SourceNode, _ message: String, hint: String? = nil) {
        add(.error, node.position, node.path, message, hint)
    }

    mutating func warning(_ node: SourceNode, _ message: String, hint: String? = nil) {
        add(.warning, node.position, node.path, message, hint)
    }

    mutating func add(
        _ severity: SiteFileDiagnostic.Severity, _ position: SourcePosition, _ path: String, _ message: String,
        _ hint: String? = nil
    ) {
        if severity == .error { markFaulty(path) }
        guard !isFull else { return }
        diagnostics.append(
            SiteFileDiagnostic(
                severity: severity, file: file, line: position.line, column: position.column, path: path,
                message: message, hint: hint))
    }

    /// Whether an error is already known at the path or within it: what follows from it need not be said.
    func isFaulty(_ path: String) -> Bool {
        faultyPaths.contains(path)
    }

    private mutating func markFaulty(_ path: String) {
        hasErrors = true
        var path = path[...]
        while faultyPaths.insert(String(path)).inserted, let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) {
            path = path[..<end]
        }
    }

    /// In file order; errors before warnings of one place; the same thing once.
    var sorted: [SiteFileDiagnostic] {
        var seen: Set<SiteFileDiagnostic> = []
        return diagnostics.filter { seen.insert($0).inserted }.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}
