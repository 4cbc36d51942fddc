import HTTPTypes

/// Whether a request that changes something comes from one of the unit's own pages.
///
/// What browsers say of themselves, and no page can alter: `Sec-Fetch-Site` (Fetch Metadata, W3C), and where that is
/// missing `Origin` (RFC 6454, 7), which is `null` for pages that send no referrer, as ours. Programs say neither.
enum SameOrigin {
    static func admits(_ request: HTTPRequest) -> Bool {
        if let site = request.headerFields[.secFetchSite] { return site == "same-origin" }
        guard let origin = request.headerFields[.origin] else { return true }
        guard let authority = request.authority, origin.hasPrefix("https://") else { return false }
        return origin.dropFirst("https://".count).lowercased() == authority.lowercased()
    }
}

extension HTTPField.Name {
    static let secFetchSite = known("Sec-Fetch-Site")
    static let formToken = known("X-Form-Token")
}
