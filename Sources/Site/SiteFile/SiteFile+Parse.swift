extension SiteFile {
    /// Reads and checks a whole site file.
    ///
    /// Everything that is wrong is reported at once, in file order; there is a value when nothing is. `file` is the
    /// name that diagnostics begin with.
    public static func parse(_ text: String, file: String = "site.yaml") -> SiteFileResult {
        var findings = Findings(file: file)
        return result(text, &findings)
    }

    /// The same from the bytes of a file: what is not UTF-8 is reported with its place.
    public static func parse(bytes: [UInt8], file: String = "site.yaml") -> SiteFileResult {
        var findings = Findings(file: file)
        guard let text = SourceText.decode(bytes, &findings) else {
            return SiteFileResult(value: nil, diagnostics: findings.sorted)
        }
        return result(text, &findings)
    }

    /// The whole configuration as YAML, with every default written out; reads back to an equal value.
    public func canonical() -> String {
        Self.table.shape().write(self).yaml
    }

    /// The JSON Schema (draft 2020-12) of site files, for editors and other tools.
    ///
    /// Each property says by `x-picli-class` (`plain`, `personal`, `secret`) how private its value is. What needs more
    /// than one value to judge, and what `parse` says in addition, is not in it.
    public static func schema() -> String {
        JSONValue.object([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "$id": .string("urn:picli:site-file"),
            "title": .string("picli site file"),
        ]).merging(table.shape().schema).text
    }

    private static func result(_ text: String, _ findings: inout Findings) -> SiteFileResult {
        var site: SiteFile?
        if let text = SourceText.check(text, &findings) {
            if let root = YAMLReader.read(text, &findings) {
                site = read(root, &findings)
            } else if !findings.hasErrors {
                findings.add(
                    .error, .init(line: 1, column: 1), "", "the file is empty",
                    "the least that works is 'site: { name: Trailer 42 }'")
            }
        }
        return SiteFileResult(value: findings.hasErrors ? nil : site, diagnostics: findings.sorted)
    }

    private static func read(_ root: SourceNode, _ findings: inout Findings) -> SiteFile? {
        guard case .mapping = root.content else {
            if root.isNull {
                findings.error(root, "the file is empty", hint: "the least that works is 'site: { name: Trailer 42 }'")
            } else {
                findings.error(
                    root, "a site file is a mapping of sections, not \(root.kind)", hint: "begin with 'site:'")
            }
            return nil
        }
        guard var site = table.shape().read(root, &findings) else { return nil }
        SiteCheck.run(&site, root, &findings)
        return site
    }
}

extension JSONValue {
    fileprivate func merging(_ other: JSONValue) -> JSONValue {
        guard case .object(let mine) = self, case .object(let more) = other else { return self }
        return .object(mine + more)
    }
}
