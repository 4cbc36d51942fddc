import HTTPTypes
import Hummingbird
public import Web

/// The pages, and the files they load.
public struct PageRoutes: Sendable {
    private let pages: Pages
    private let assets: Assets

    public init(_ pages: Pages, assets: Assets = .embedded) {
        self.pages = pages
        self.assets = assets
    }

    public func add(to routes: Routes) {
        routes.get("/", .atLeast(.viewer)) { request, _ in await pages.site().response(to: request) }
        add("/history", to: routes) { await pages.history($0) }
        add("/history.csv", to: routes) { await pages.historyCSV($0) }
        add("/logs", to: routes) { await pages.logs($0) }
        add("/events", to: routes) { await pages.events($0) }
        assets.addRoutes(to: routes)
    }

    private func add(
        _ path: String, to routes: Routes, _ page: @escaping @Sendable (Pages.Parameters) async -> Pages.Answer
    ) {
        routes.get(path, .atLeast(.viewer)) { request, _ in
            await page(QueryParameters.pairs(of: request.uri.query)).response(to: request)
        }
    }
}

extension Pages.Answer {
    fileprivate func response(to request: Request) -> Response {
        .bytes(body.utf8, type: contentType, for: request, status: .init(code: status))
    }
}
