/// The secrets of a site (`/etc/picli/secrets.yaml`): a name and a text each, `nms-auth: correct horse battery`.
public struct Secrets: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let texts: [String: String]

    /// Without their texts: what prints it tells nobody.
    public var description: String { "\(texts.count) secrets" }
    public var debugDescription: String { description }

    public init(_ texts: [String: String] = [:]) { self.texts = texts }

    /// nil when there is no such entry.
    public subscript(_ name: String) -> String? { texts[name] }

    /// Reads the file.
    ///
    /// - Throws: `SecretsError`, with the place of what is wrong and nothing of what stands there.
    public static func parse(_ text: String) throws(SecretsError) -> Secrets {
        var findings = Findings(file: "secrets.yaml")
        let root = YAMLReader.read(text, &findings)
        // What is wrong may quote what stands there: only the place is told.
        if let first = findings.sorted.first(where: { $0.severity == .error }) {
            throw SecretsError("line \(first.line) cannot be read, or has a name for the second time")
        }
        guard let root else { return Secrets() }
        guard case .mapping(let entries) = root.content else {
            throw SecretsError("it has to be 'name: secret' on each line")
        }
        var texts: [String: String] = [:]
        for entry in entries {
            guard let text = entry.value.text, !entry.value.isNull else {
                throw SecretsError("line \(entry.keyPosition.line) has no text behind its name")
            }
            texts[entry.key] = text
        }
        return Secrets(texts)
    }
}

/// Why a file of secrets cannot be read, in words that hold none.
public struct SecretsError: Error, Hashable, Sendable {
    public let reason: String

    init(_ reason: String) { self.reason = reason }
}
