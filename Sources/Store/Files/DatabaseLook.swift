import GRDB

/// How one of the files stands, seen from outside and without changing it; also beside a running unit.
public struct DatabaseLook: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case missing
        case whole
        /// Too large to be read within seconds: only its beginning was looked at.
        case large
        /// What SQLite says of it.
        case damaged(String)
        /// It cannot be read, for another reason than damage.
        case closed(String)
    }

    public let kind: DatabaseKind
    public let state: State
    /// With its write-ahead log, in bytes.
    public let size: Int64
    /// Damaged predecessors that were set aside, by name.
    public let setAside: [String]

    public init(kind: DatabaseKind, state: State, size: Int64 = 0, setAside: [String] = []) {
        self.kind = kind
        self.state = state
        self.size = size
        self.setAside = setAside
    }

    /// A card reads some 20 MB in a second.
    private static let readable = 48_000_000

    public static func all(in directory: String) async -> [DatabaseLook] {
        await Blocking.run { DatabaseKind.allCases.map { look($0, in: directory) } }
    }

    private static func look(_ kind: DatabaseKind, in directory: String) -> DatabaseLook {
        let path = "\(directory)/\(kind.fileName)"
        let size = [path, path + "-wal"].reduce(0) { $0 + (RawFile($1)?.size ?? 0) }
        return DatabaseLook(
            kind: kind, state: state(kind, path, size), size: Int64(size),
            setAside: SetAside.list(kind, in: directory))
    }

    private static func state(_ kind: DatabaseKind, _ path: String, _ size: Int) -> State {
        switch RawFile.presence(path) {
        case .nothing: return .missing
        case .other: return .damaged("it is not a file")
        case .file: break
        }
        guard let file = RawFile(path) else { return .closed("it cannot be opened for reading") }
        guard file.size > 0 else { return .damaged("it is empty") }
        do {
            let connection = try Connection.readable(kind, at: path)
            defer { try? connection.database.close() }
            guard size <= readable else { return .large }
            let findings = try connection.database.read { try String.fetchAll($0, sql: "PRAGMA quick_check(1)") }
            return findings == ["ok"] ? .whole : .damaged(findings.joined(separator: "; "))
        } catch {
            let reason = (error as? StoreError) ?? StoreError(error, file: kind.fileName)
            return reason.code == .damaged || StoreError.isDamage(error)
                ? .damaged(reason.message) : .closed(reason.message)
        }
    }
}
