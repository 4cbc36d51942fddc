public import Site

/// The URIs by which a certificate binds a unit and its databases (subject alternative names, RFC 5280 4.2.1.6).
public enum IdentityURI {
    /// `urn:picli:unit:pi-7k3m92qf`
    public static func unit(_ id: UnitID) -> String { "urn:picli:unit:\(id)" }

    /// `urn:uuid:…` (RFC 9562, 4).
    public static func database(_ id: DatabaseID) -> String { "urn:uuid:\(id)" }
}
