import Yams

/// Text to `SourceNode`, by Yams.
///
/// Its types stay in this file.
struct YAMLReader {
    private var findings: Findings
    /// First letters that were replaced so that a mapping with a key given twice can be read to its end.
    private var repeatedKeys: [SourcePosition: Unicode.Scalar] = [:]

    /// The root of the file, nil when there is none; what is wrong with the text is noted.
    static func read(_ text: String, _ findings: inout Findings) -> SourceNode? {
        var reader = YAMLReader(findings: findings)
        defer { findings = reader.findings }
        return reader.read(text)
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func read(_ text: String) -> SourceNode? {
        var text = text
        // Each round reads the file once more; a large file with many repeated keys is not worth that.
        for _ in 0..<(text.utf8.count < 65_536 ? 16 : 2) {
            do {
                // The parser lives as long as its tree: the tree refers to anchors weakly.
                let parser = try Parser(yaml: text, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                return withExtendedLifetime(parser) { convert(root, []) }
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                guard let renamed = renamingKey(at: context.mark, in: text) else {
                    findings.add(.error, .init(context.mark), "", "the same key is given twice in one mapping")
                    return nil
                }
                text = renamed
            } catch let error as YamlError {
                note(error, text)
                return nil
            } catch {
                findings.add(.error, .init(line: 1, column: 1), "", "this is not YAML: \(error)")
                return nil
            }
        }
        findings.add(.error, .init(line: 1, column: 1), "", "too many keys are given twice")
        return nil
    }

    /// Replaces the first letter of a key by one that nobody types, so that positions stay what they are.
    private mutating func renamingKey(at mark: Mark, in text: String) -> String? {
        var position = SourcePosition(line: 1, column: 1)
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        while index < scalars.endIndex, position.line < mark.line || position.column < mark.column {
            let next = scalars.index(after: index)
            if scalars[index] == "\n" || (scalars[index] == "\r" && (next == scalars.endIndex || scalars[next] != "\n"))
            {
                position = .init(line: position.line + 1, column: 1)
            } else {
                position.column += 1
            }
            index = next
        }
        if index < scalars.endIndex, scalars[index] == "\"" || scalars[index] == "'" {
            index = scalars.index(after: index)
        }
        guard index < scalars.endIndex, repeatedKeys[.init(mark)] == nil, isNameStart(scalars[index]),
            let placeholder = Unicode.Scalar(0xE000 + UInt32(repeatedKeys.count))
        else { return nil }
        repeatedKeys[.init(mark)] = scalars[index]
        var copy = String.UnicodeScalarView(scalars[..<index])
        copy.append(placeholder)
        copy.append(contentsOf: scalars[scalars.index(after: index)...])
        return String(copy)
    }

    private func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
    }

    // MARK: The tree

    private mutating func convert(_ node: Node, _ path: [PathPart]) -> SourceNode? {
        let position = node.mark.map(SourcePosition.init(_:)) ?? .init(line: 1, column: 1)
        guard path.count < 24 else {
            findings.add(.error, position, [PathPart](path.prefix(1)).text, "nested too deeply")
            return nil
        }
        guard node.anchor == nil else {
            findings.add(
                .error, position, path.text, "anchors (&) and aliases (*) are not used in \(findings.noun)s",
                "write each value out")
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let tag = scalar.tag.description
            guard tag.isEmpty || tag == Tag.Name.str.rawValue || tag == Tag.Name.nonSpecific.rawValue else {
                return refuseTag(tag, position, path)
            }
            let isPlain = scalar.style == .plain || scalar.style == .any
            return SourceNode(
                content: .scalar(scalar.string, isQuoted: !isPlain), position: position, path: path.text)
        case .sequence(let sequence):
            let tag = sequence.tag.description
            guard tag.isEmpty else { return refuseTag(tag, position, path) }
            var elements: [SourceNode] = []
            for (index, element) in sequence.enumerated() {
                guard let element = convert(element, path + [.index(index)]) else { return nil }
                elements.append(element)
            }
            return SourceNode(content: .sequence(elements), position: position, path: path.text)
        case .mapping(let mapping):
            let tag = mapping.tag.description
            guard tag.isEmpty else { return refuseTag(tag, position, path) }
            return convert(mapping, position, path)
        case .alias:
            findings.add(.error, position, path.text, "anchors (&) and aliases (*) are not used in \(findings.noun)s")
            return nil
        }
    }

    private mutating func convert(
        _ mapping: Node.Mapping, _ position: SourcePosition, _ path: [PathPart]
    ) -> SourceNode? {
        var entries: [SourceNode.Entry] = []
        var seen: [String: SourcePosition] = [:]
        var isComplete = true
        for (keyNode, valueNode) in mapping {
            let place = keyNode.mark.map(SourcePosition.init(_:)) ?? position
            guard case .scalar(let scalar) = keyNode, keyNode.anchor == nil else {
                findings.add(.error, place, path.text, "a key must be a word")
                isComplete = false
                continue
            }
            var key = scalar.string
            if let letter = repeatedKeys[place] {
                key.unicodeScalars.removeFirst()
                key.unicodeScalars.insert(letter, at: key.unicodeScalars.startIndex)
            }
            if key == "<<" {
                findings.add(
                    .error, place, path.text, "merge keys (<<) are not used in \(findings.noun)s",
                    "write each value out")
                isComplete = false
                continue
            }
            if let earlier = seen.updateValue(seen[key] ?? place, forKey: key) {
                findings.add(
                    .error, place, (path + [.key(key)]).text,
                    "'\(key.excerpt)' is given twice; the other is in line \(earlier.line)", "keep one")
            }
            guard let value = convert(valueNode, path + [.key(key)]) else {
                isComplete = false
                continue
            }
            entries.append(.init(key: key, keyPosition: place, value: value))
        }
        return isComplete ? SourceNode(content: .mapping(entries), position: position, path: path.text) : nil
    }

    private mutating func refuseTag(_ tag: String, _ position: SourcePosition, _ path: [PathPart]) -> SourceNode? {
        findings.add(
            .error, position, path.text, "tags (\(tag.excerpt)) are not used in \(findings.noun)s", "remove the tag")
        return nil
    }

    // MARK: Errors of the library

    /// Says the library's error in the form of all others, with the usual cause where it is known.
    private mutating func note(_ error: YamlError, _ text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let position = SourcePosition(mark)
            if character(at: mark, in: text) == "\t" {
                findings.add(.error, position, "", "a tab cannot stand here", "indent with spaces")
                return
            }
            if problem.contains("Maximum nesting level") {
                findings.add(.error, position, "", "nested too deeply")
                return
            }
            if problem.contains("another document") {
                findings.add(.error, position, "", "a second document begins", "a site file is one; remove the '---'")
                return
            }
            let place = context.map { " (\($0.text) that begins in line \($0.mark.line))" } ?? ""
            findings.add(.error, position, "", "this is not YAML: \(problem)\(place)", Self.hint(problem))
        case .reader(let problem, _, _, _):
            findings.add(.error, .init(line: 1, column: 1), "", "this is not YAML: \(problem)")
        default:
            findings.add(
                .error, .init(line: 1, column: 1), "", "this is not YAML: \(String(describing: error).excerpt)")
        }
    }

    private static func hint(_ problem: String) -> String? {
        if problem.contains("mapping values are not allowed") {
            return "a value that contains ': ' needs quotes, and the lines of one mapping need the same indentation"
        }
        if problem.contains("did not find expected") || problem.contains("could not find expected") {
            return "look for a missing ':', quote or bracket here or in the line before"
        }
        if problem.contains("cannot start any token") { return "put the value in quotes" }
        if problem.contains("undefined alias") { return "a value that begins with '*' needs quotes" }
        return nil
    }

    private func character(at mark: Mark, in text: String) -> Unicode.Scalar? {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(mark.line - 1) else { return nil }
        return lines[mark.line - 1].dropFirst(mark.column - 1).first
    }
}

extension SourcePosition {
    fileprivate init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
