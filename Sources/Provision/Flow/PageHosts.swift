import Site

/// What browsers call the page of a unit by.
enum PageHosts {
    /// The names of the site file, then the unit's fixed address.
    static func of(_ site: SiteFile) -> [String] {
        site.web.names + [site.network.unit.map { "\($0.address)" }].compactMap(\.self)
    }
}
