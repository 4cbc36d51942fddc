import FoundationEssentials
public import Platform

/// What was decided about one device, until it is gone: `/run/picli-nas/NAME.json`.
public struct DriveRecord: Hashable, Sendable, Codable {
    public enum Outcome: String, Hashable, Sendable, Codable {
        case attached
        /// Attached, but only read.
        case readOnly = "read_only"
        case waiting
        case refused
        /// Nothing to do with it.
        case left
        case failed
    }

    public var schema = 1
    /// The kernel's name.
    public var device: String
    public var outcome: Outcome
    /// Why, unless all is well.
    public var code: String?
    public var message: String?
    public var hint: String?
    /// How long it took from the call until cameras could record, in milliseconds.
    public var took: Int?

    public init(_ device: String, _ outcome: Outcome, _ reason: DriveReason? = nil, took: Int? = nil) {
        self.device = device
        self.outcome = outcome
        code = reason?.code
        message = reason?.sentence
        hint = reason?.hint
        self.took = took
    }
}

/// The records of all devices.
public struct DriveRecords: Sendable {
    public static let folder = "/run/picli-nas"

    private let root: SystemRoot

    public init(_ root: SystemRoot) { self.root = root }

    /// By the name of the device; those that cannot be read are passed over.
    public func all() -> [DriveRecord] {
        let names = (try? SmallFile.names(in: root.shown(Self.folder))) ?? []
        return names.filter { $0.hasSuffix(".json") }.compactMap { name in
            guard let bytes = try? root.content(of: "\(Self.folder)/\(name)", limit: 65_536) else { return nil }
            return try? JSONDecoder().decode(DriveRecord.self, from: Data(bytes))
        }
    }

    func put(_ record: DriveRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try root.replaceFile(
            Self.path(of: record.device), with: Array(encoder.encode(record)) + [0x0A], mode: 0o644, owner: nil)
    }

    func remove(_ device: String) throws(SystemError) { try root.removeFile(Self.path(of: device)) }

    private static func path(of device: String) -> String { "\(folder)/\(device).json" }
}
