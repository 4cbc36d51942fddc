import FoundationEssentials
public import Platform
import Site

extension UnitRecord {
    static let mostBytes = 65_536

    /// Reads `unit.json`; keys that this version does not know are kept.
    ///
    /// - Parameter name: What the file is called in messages.
    /// - Throws: `identity.newer`, `identity.unreadable`.
    public init(json: [UInt8], name: String) throws(Failure) {
        let decoder = JSONDecoder()
        let data = Data(json)
        if let version = try? decoder.decode(Version.self, from: data), version.schema > Self.schema {
            throw Failure(
                "identity.newer", "\(name) was written by a newer picli (its schema is \(version.schema)).",
                hint: "install that picli")
        }
        do {
            guard json.count <= Self.mostBytes else { throw CocoaError(.fileReadTooLarge) }
            self = try decoder.decode(UnitRecord.self, from: data)
        } catch {
            throw Failure(
                "identity.unreadable", "\(name) is no record of a unit that can be read\(Self.place(of: error)).",
                hint: "put it back from the sheet of the unit, or picli provision --reclaim")
        }
    }

    private struct Version: Decodable {
        let schema: Int
    }

    /// ` (at "databases")` where the decoder knows.
    private static func place(of error: any Error) -> String {
        let path: [any CodingKey]
        switch error {
        case DecodingError.dataCorrupted(let context), DecodingError.valueNotFound(_, let context),
            DecodingError.typeMismatch(_, let context):
            path = context.codingPath
        case DecodingError.keyNotFound(let key, let context): path = context.codingPath + [key]
        default: path = []
        }
        return path.last.map { " (at \"\($0.stringValue.printable)\")" } ?? ""
    }

    /// As it is written: sorted keys, one a line, so that a person can read it.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

extension UnitRecord: Codable {
    private enum Key: String, CaseIterable {
        case schema, unit, databases, site, deployment, board, macs, key, certificate, image, created, provisioned
        case selfTest, previousUnit
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ key: Key) { stringValue = key.rawValue }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        func optional<Value: Decodable>(_ key: Key) throws -> Value? {
            try container.decodeIfPresent(Value.self, forKey: AnyKey(key))
        }
        unit = try container.decode(UnitID.self, forKey: AnyKey(.unit))
        let named = try container.decode([String: Database].self, forKey: AnyKey(.databases))
        databases = [:]
        for kind in UnitDatabase.allCases {
            guard let database = named[kind.rawValue] else {
                throw DecodingError.keyNotFound(
                    AnyKey(stringValue: kind.rawValue), .init(codingPath: [AnyKey(.databases)], debugDescription: ""))
            }
            databases[kind] = database
        }
        let time = try container.decode(String.self, forKey: AnyKey(.created))
        guard let created = ISO8601.milliseconds(time) else {
            throw DecodingError.dataCorruptedError(
                forKey: AnyKey(.created), in: container, debugDescription: "not a time")
        }
        self.created = created
        site = try optional(.site)
        deployment = try optional(.deployment)
        board = try optional(.board)
        macs = try optional(.macs) ?? []
        key = try optional(.key)
        certificate = try optional(.certificate)
        image = try optional(.image)
        previousUnit = try optional(.previousUnit)
        selfTest = try optional(.selfTest)
        if let text: String = try optional(.provisioned) {
            guard let time = ISO8601.milliseconds(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: AnyKey(.provisioned), in: container, debugDescription: "not a time")
            }
            provisioned = time
        }
        for key in container.allKeys where Key(rawValue: key.stringValue) == nil {
            others[key.stringValue] = try container.decode(JSONValue.self, forKey: key)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        for (key, value) in others { try container.encode(value, forKey: AnyKey(stringValue: key)) }
        try container.encode(Self.schema, forKey: AnyKey(.schema))
        try container.encode(unit, forKey: AnyKey(.unit))
        let named = databases.map { ($0.key.rawValue, $0.value) }
        try container.encode(Dictionary(uniqueKeysWithValues: named), forKey: AnyKey(.databases))
        try container.encode(ISO8601.string(milliseconds: created), forKey: AnyKey(.created))
        try container.encodeIfPresent(site, forKey: AnyKey(.site))
        try container.encodeIfPresent(deployment, forKey: AnyKey(.deployment))
        try container.encodeIfPresent(board, forKey: AnyKey(.board))
        if !macs.isEmpty { try container.encode(macs, forKey: AnyKey(.macs)) }
        try container.encodeIfPresent(key, forKey: AnyKey(.key))
        try container.encodeIfPresent(certificate, forKey: AnyKey(.certificate))
        try container.encodeIfPresent(image, forKey: AnyKey(.image))
        try container.encodeIfPresent(
            provisioned.map { ISO8601.string(milliseconds: $0) }, forKey: AnyKey(.provisioned))
        try container.encodeIfPresent(selfTest, forKey: AnyKey(.selfTest))
        try container.encodeIfPresent(previousUnit, forKey: AnyKey(.previousUnit))
    }
}
