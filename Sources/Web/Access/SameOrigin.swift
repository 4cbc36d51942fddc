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

    /// Whether a page of another origin has sent it, by any word of the browser; for those who may ask in the clear.
    ///
    /// In the clear browsers leave `Sec-Fetch-Site` out, and `Origin` of a simple GET, too: then `Referer` tells, where the
    /// page lets it. A browser that says nothing at all may stand before anybody's page.
    static func isForeign(_ request: HTTPRequest) -> Bool {
        if let site = request.headerFields[.secFetchSite], site != "same-origin", site != "none" { return true }
        guard let authority = request.authority?.lowercased() else {
            return request.headerFields[.origin] != nil || request.headerFields[.referer] != nil
                || request.headerFields[.secFetchSite] == nil && isOfBrowser(request)
        }
        let own = ["http://\(authority)", "https://\(authority)"]
        if let origin = request.headerFields[.origin]?.lowercased(), !own.contains(origin) { return true }
        guard let page = request.headerFields[.referer]?.lowercased() else {
            return request.headerFields[.secFetchSite] == nil && request.headerFields[.origin] == nil
                && isOfBrowser(request)
        }
        return !own.contains { page == $0 || page.hasPrefix("\($0)/") }
    }

    /// Programs that call themselves Mozilla ask for no language of people.
    private static func isOfBrowser(_ request: HTTPRequest) -> Bool {
        request.headerFields[.acceptLanguage] != nil
            && request.headerFields[.userAgent]?.hasPrefix("Mozilla/") == true
    }
}

extension HTTPField.Name {
    static let secFetchSite = known("Sec-Fetch-Site")
    static let formToken = known("X-Form-Token")
}
