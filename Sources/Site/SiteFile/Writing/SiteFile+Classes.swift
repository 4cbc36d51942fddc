extension SiteFile {
    /// One value of the file, with its place and how private it is.
    public struct ClassifiedValue: Hashable, Sendable {
        /// `network.cameras.address`; elements of lists share the path of their list.
        public let path: String
        public let dataClass: DataClass
        /// As it stands in the file.
        public let text: String
    }

    /// Every text and number of the file, in its order.
    ///
    /// What the schema does not class counts as secret.
    public var classifiedValues: [ClassifiedValue] {
        var values: [ClassifiedValue] = []
        _ = Self.table.shape().write(self).mapped(by: Self.table.shape().schema) { value in
            values.append(value)
            return value.text
        }
        return values
    }

    /// The file in its canonical form, with each text and number as `write` says it.
    public func text(_ write: (ClassifiedValue) -> String) -> String {
        Self.table.shape().write(self).mapped(by: Self.table.shape().schema, write).yaml
    }
}

extension PlainTree {
    /// - Parameter schema: That of this tree, with `x-picli-class` at each key.
    func mapped(
        by schema: JSONValue?, path: String = "", in dataClass: DataClass = .plain,
        _ write: (SiteFile.ClassifiedValue) -> String
    ) -> PlainTree {
        switch self {
        case .flag: return self
        case .text(let text):
            // What is so on every unit of which nobody has said otherwise is nobody's.
            let isOwn = dataClass == .personal && schema?["default"] == .string(text)
            return .text(write(.init(path: path, dataClass: isOwn ? .plain : dataClass, text: text)))
        case .number:
            // A number that stays one is not quoted.
            let written = write(.init(path: path, dataClass: dataClass, text: scalar))
            return written == scalar ? self : .text(written)
        case .list(let elements):
            return .list(elements.map { $0.mapped(by: schema?["items"] ?? schema, path: path, in: dataClass, write) })
        case .mapping(let entries):
            return .mapping(
                entries.map { entry in
                    let found = schema?.property(entry.key)
                    let inner = found.map { found in found.dataClass.map { max($0, dataClass) } ?? .secret }
                    return Entry(
                        key: entry.key,
                        value: entry.value.mapped(
                            by: found, path: path.isEmpty ? entry.key : "\(path).\(entry.key)",
                            // A mapping with names of the owner's: its values are as private as itself.
                            in: inner ?? (schema?["properties"] == nil ? dataClass : .secret), write))
                })
        }
    }
}

extension JSONValue {
    /// The schema of a key, wherever the schema of a mapping may name it.
    fileprivate func property(_ key: String) -> JSONValue? {
        if let found = self["properties"]?[key] { return found }
        for combined in ["allOf", "oneOf", "anyOf"] {
            guard case .array(let parts)? = self[combined] else { continue }
            for part in parts {
                if let found = (part["then"] ?? part).property(key) { return found }
            }
        }
        // One or a list of them.
        return self["items"]?.property(key)
    }

    fileprivate var dataClass: DataClass? {
        if case .string(let word)? = self["x-picli-class"] { DataClass(rawValue: word) } else { nil }
    }
}
