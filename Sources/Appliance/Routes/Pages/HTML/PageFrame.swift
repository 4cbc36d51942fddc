import Site
import Web

/// The frame that all pages share: head, navigation, and the line that tells whether the page is live.
struct PageFrame: Sendable {
    enum Place: String, CaseIterable, Sendable {
        case site = "/"
        case history = "/history"
        case relays = "/relays"
        case footage = "/footage"
        case logs = "/logs"
        case events = "/events"
        case support = "/support"
        case users = "/users"
        case audit = "/audit"

        var title: String {
            switch self {
            case .site: "Site"
            case .history: "History"
            case .relays: "Relays"
            case .footage: "Footage"
            case .logs: "Logs"
            case .events: "Events"
            case .support: "Support"
            case .users: "Users"
            case .audit: "Audit"
            }
        }

        /// Who may open it.
        var role: Role {
            switch self {
            case .site, .history, .relays, .footage, .logs, .events, .support: .viewer
            case .users, .audit: .admin
            }
        }
    }

    var siteName: String
    var clock: LocalTime
    /// Where an asset of that name is served.
    var asset: @Sendable (String) -> String
    /// Who looks; nil for somebody without an account.
    var visitor: SignedIn?

    /// A whole page; `styles` are loaded after `app.css`, `scripts` after `format.js` and `live.js`.
    func render(_ place: Place, now: Int64, styles: [String] = [], scripts: [String], body: HTML) -> String {
        document(
            place.title, styles: styles, scripts: ["format.js", "live.js"] + scripts,
            attributes: """
                 data-now="\(now)" data-zone="\(clock.zone.name)" data-offsets="\(clock.zone.table(around: now))"
                """,
            header: """
                \(navigation(place))
                <p class="live"><span id="live" role="status">as of</span> <span id="clock">\
                \(clock.element(now, clock.second(now)))\u{A0}\(clock.zone.abbreviation(milliseconds: now))</span></p>
                \(visitor.map(leave))
                """, body: body)
    }

    /// A page beside the others.
    ///
    /// - Parameters:
    ///   - place: Where it belongs, if anywhere.
    ///   - back: Whether the others can be reached; not for somebody who is not in yet.
    func render(
        title: String, place: Place? = nil, scripts: [String] = [], back: Bool = false, body: HTML
    ) -> String {
        document(
            title, scripts: scripts, header: back || place != nil ? "\(navigation(place))\(visitor.map(leave))" : nil,
            body: body)
    }

    private func document(
        _ title: String, styles: [String] = [], scripts: [String], attributes: HTML? = nil, header: HTML?, body: HTML
    ) -> String {
        let document: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · \(siteName)</title>
            <link rel="icon" href="\(asset("icon.svg"))" type="image/svg+xml">
            <link rel="stylesheet" href="\(asset("app.css"))">
            \(styles.map { "<link rel=\"stylesheet\" href=\"\(asset($0))\">\n" as HTML })\
            \(scripts.map { "<script defer src=\"\(asset($0))\"></script>\n" as HTML })\
            </head>
            <body\(attributes)>
            <a class="skip" href="#main">Skip to the content</a>
            <header class="top">
            <p class="site"><bdi>\(siteName)</bdi></p>
            \(header)
            </header>
            <main id="main">
            \(body)
            </main>
            </body>
            </html>

            """
        return document.text
    }

    private func leave(_ visitor: SignedIn) -> HTML {
        """
        <a class="button" href="/account"><bdi>\(visitor.name.description)</bdi></a>\
        <form class="leave" method="post" action="/sign-out">\
        <input type="hidden" name="\(Routes.formToken)" value="\(visitor.formToken ?? "")">\
        <button type="submit">Sign out</button></form>
        """
    }

    private func navigation(_ current: Place?) -> HTML {
        let places = Place.allCases.filter { $0.role <= visitor?.role ?? .viewer }
        return "<nav aria-label=\"Pages\">\(places.map { link($0, current: current) })</nav>"
    }

    private func link(_ place: Place, current: Place?) -> HTML {
        let mark: HTML? = place == current ? " aria-current=\"page\"" : nil
        return "<a href=\"\(place.rawValue)\"\(mark)>\(place.title)</a>"
    }
}
