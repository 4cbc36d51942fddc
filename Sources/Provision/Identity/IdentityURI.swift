public import Site

/// The URIs by which a certificate binds a unit and its databases (subject alternative names, RFC 5280 4.2.1.6).
public enum IdentityURI {
    private static let unitPrefix = "urn:picli:unit:"
    private static let databasePrefix = "urn:uuid:"

    /// `urn:picli:unit:pi-7k3m92qf`.
    public static func unit(_ id: UnitID) -> String { unitPrefix + id.description }

    /// `urn:uuid:…` (RFC 9562, 4).
    public static func database(_ id: DatabaseID) -> String { databasePrefix + id.description }

    /// The unit that a URI names; nil when it is none of a unit.
    public static func unit(in uri: String) -> UnitID? {
        uri.hasPrefix(unitPrefix) ? UnitID(String(uri.dropFirst(unitPrefix.count))) : nil
    }

    /// The database that a URI names; nil when it is none of a database.
    public static func database(in uri: String) -> DatabaseID? {
        uri.hasPrefix(databasePrefix) ? DatabaseID(String(uri.dropFirst(databasePrefix.count))) : nil
    }
}
