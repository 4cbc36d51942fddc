/// The name of a row that may leave the unit: rows of any number of units never collide, and a replay is harmless.
public struct RowID: Hashable, Sendable, Codable {
    public let database: DatabaseID
    public let sequence: Int64

    public init(database: DatabaseID, sequence: Int64) {
        self.database = database
        self.sequence = sequence
    }
}
