import HTTPTypes
import Hummingbird
import Site
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
        add("/", to: routes) { pages, _ in await pages.site() }
        add("/history", to: routes) { pages, parameters in await pages.history(parameters) }
        add("/history.csv", to: routes) { pages, parameters in await pages.historyCSV(parameters) }
        add("/logs", to: routes) { pages, parameters in await pages.logs(parameters) }
        add("/events", to: routes) { pages, parameters in await pages.events(parameters) }
        assets.addRoutes(to: routes)
    }

    private func add(
        _ path: String, to routes: Routes, _ page: @escaping @Sendable (Pages, Pages.Parameters) async -> Pages.Answer
    ) {
        routes.get(path, .atLeast(.viewer)) { request, context in
            await page(pages.seen(by: context.principal), FormText.pairs(of: request.uri.query))
                .response(to: request)
        }
    }
}

extension Pages.Answer {
    func response(to request: Request) -> Response {
        .bytes(body.utf8, type: contentType, for: request, status: .init(code: status))
    }
}
