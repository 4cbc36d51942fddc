/// A place in a file; both from 1.
struct SourcePosition: Hashable, Sendable {
    var line: Int
    var column: Int
}

/// One node of the file: its text as it was written, where it stands, and its path.
///
/// Scalars are texts, never resolved by YAML's rules: `no` and `on` are words here, not truth values.
struct SourceNode: Sendable {
    struct Entry: Sendable {
        let key: String
        let keyPosition: SourcePosition
        let value: SourceNode
    }

    enum Content: Sendable {
        case scalar(String, isQuoted: Bool)
        case sequence([SourceNode])
        case mapping([Entry])
    }

    let content: Content
    let position: SourcePosition
    let path: String

    /// `a mapping`, for sentences.
    var kind: String {
        switch content {
        case .scalar(_, isQuoted: true): "a text"
        case .scalar(let text, isQuoted: false): text.isEmpty || text == "~" ? "nothing" : "'\(text.excerpt)'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }

    var elements: [SourceNode] {
        if case .sequence(let elements) = content { elements } else { [] }
    }

    /// Nothing was written after the colon, or one of YAML's words for nothing.
    var isNull: Bool {
        if case .scalar(let text, isQuoted: false) = content {
            ["", "~", "null", "Null", "NULL"].contains(text)
        } else {
            false
        }
    }

    subscript(key: String) -> SourceNode? { entries.first { $0.key == key }?.value }

    /// The node at a path below this one, or the nearest node above it that exists.
    func nearest(_ path: [PathPart]) -> SourceNode {
        var node = self
        for part in path {
            let next: SourceNode? =
                switch part {
                case .key(let key): node[key]
                case .index(let index): node.elements.indices.contains(index) ? node.elements[index] : nil
                }
            guard let next else { break }
            node = next
        }
        return node
    }
}

/// One step of a path: into a mapping, or into a list.
enum PathPart: Hashable, Sendable {
    case key(String)
    case index(Int)
}

extension [PathPart] {
    /// `sensors[2].address`.
    var text: String {
        reduce(into: "") { text, part in
            switch part {
            case .key(let key): text += (text.isEmpty ? "" : ".") + key.excerpt
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}

extension String {
    /// Short enough for a sentence, on one line.
    var excerpt: String {
        let line = String(map { $0.isNewline ? " " : $0 })
        return line.count > 60 ? line.prefix(57) + "..." : line
    }
}
