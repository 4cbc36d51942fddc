import Hummingbird
import NAS
import Site
public import Web

/// The Footage page, clips to look at and to keep, and what its buttons ask of drives.
public struct FootagePageRoutes: Sendable {
    private let shelf: FootageShelf?
    private let pages: Pages
    /// Clips that are on their way at one time: each reads from the drive that cameras write to.
    private let seats = Seats(8)

    /// - Parameter shelf: nil where no footage is kept.
    public init(_ shelf: FootageShelf?, pages: Pages) {
        self.shelf = shelf
        self.pages = pages
    }

    public func add(to routes: Routes) {
        routes.get("/footage", .atLeast(.viewer)) { request, context in
            let query = FootagePageQuery(FormText.pairs(of: request.uri.query))
            guard let shelf, let camera = query.camera, let date = query.day else {
                return try await overview(for: request, context, before: query.before)
            }
            return try await day(date, of: camera, from: query.cursor, on: shelf, for: request, context)
        }
        routes.get("/footage/play", .atLeast(.viewer)) { request, context in
            let query = FootagePageQuery(FormText.pairs(of: request.uri.query))
            let file = try await FootageShelf.found(shelf).file(query.path)
            return .html(page(context).player(file), for: request)
        }
        routes.get("/footage/clip", .atLeast(.viewer)) { request, _ in
            let query = FootagePageQuery(FormText.pairs(of: request.uri.query))
            let found = try FootageShelf.found(shelf)
            let file = try await found.file(query.path)
            guard let seat = seats.take() else {
                throw Problem(
                    status: 503, code: "clip.busy", detail: "So many clips at once are not sent. Try again soon.",
                    retryAfter: 10)
            }
            return ClipResponse(file: file, archive: found.archive, isDownload: query.isDownload)
                .response(to: request, seat: seat)
        }
        addOrders(to: routes)
    }

    private func addOrders(to routes: Routes) {
        routes.form("/footage/eject", .freshly(.operator)) { _, request, context in
            try await told(request, context) { desk in
                _ = try await desk.eject(by: context.origin)
                return .redirect(to: "/footage")
            }
        }
        routes.form("/footage/offer", .freshly(.admin)) { form, request, context in
            guard let buttons = FootageForm(context) else { throw Problem.notFound("There is nothing here.") }
            let device = form["device"]
            return try await told(request, context) { desk in
                let offer = DriveOfferDocument(try await desk.offer(device, as: .ext4))
                return .html(page(context).offer(offer, device: device, form: buttons), for: request)
            }
        }
        routes.form("/footage/format", .freshly(.admin)) { form, request, context in
            let kind = FormatPlan.Kind(rawValue: form["kind"]) ?? .ext4
            return try await told(request, context) { desk in
                _ = try await desk.format(
                    form["device"], as: kind, seal: form["seal"], name: form["name"], by: context.origin)
                return .redirect(to: "/footage")
            }
        }
    }

    /// Asks something of drives; what keeps it from being done is told on the page.
    private func told(
        _ request: Request, _ context: WebContext, _ ask: (DriveDesk) async throws -> Response
    ) async throws -> Response {
        let desk = try FootageShelf.found(shelf).desk
        do { return try await ask(desk) } catch let problem as Problem {
            return try await overview(for: request, context, saying: problem)
        }
    }

    private func page(_ context: WebContext) -> FootagePages { pages.seen(by: context.principal).footage }

    private func overview(
        for request: Request, _ context: WebContext, before: CivilTime? = nil, saying problem: Problem? = nil
    ) async throws -> Response {
        var content = FootagePages.Overview(before: before)
        if let shelf {
            content.document = try await shelf.document()
            content.quarters = try await shelf.quarters()
        }
        let body = page(context).overview(content, form: FootageForm(context), alert: problem?.detail)
        return .html(body, for: request, status: .init(code: problem?.status ?? 200))
    }

    private func day(
        _ date: CivilTime, of camera: String, from cursor: ClipCursor?, on shelf: FootageShelf, for request: Request,
        _ context: WebContext
    ) async throws -> Response {
        let page = page(context)
        let bounds = date.bounds(in: page.clock.zone)
        let limit = FootagePages.mostClips
        let clips = try await shelf.clips(
            ClipQuery(camera: camera, from: bounds.lowerBound, to: bounds.upperBound, limit: limit, before: cursor))
        let quarters = try await shelf.quarters().filter { $0.camera == camera }
        let next = clips.count == limit ? clips.last?.cursor : nil
        return .html(
            page.day(.init(camera: camera, date: date, quarters: quarters, clips: clips, next: next)), for: request)
    }
}

/// What an address of the Footage page asks for; what it has wrong is left out.
struct FootagePageQuery: Hashable, Sendable {
    var camera: String?
    var day: CivilTime?
    var before: CivilTime?
    var cursor: ClipCursor?
    var path = ""
    var isDownload = false

    init(_ parameters: Pages.Parameters) {
        for (name, value) in parameters {
            switch name {
            case "camera" where !value.isEmpty: camera = value
            case "day": day = CivilTime(day: value)
            case "before": before = CivilTime(day: value)
            case "cursor": cursor = ClipCursor(value)
            case "path": path = value
            case "download": isDownload = value == "1"
            default: break
            }
        }
    }
}

extension FootageForm {
    /// nil for who may ask nothing of drives, or has not signed in with a browser.
    init?(_ context: WebContext) {
        guard case .account(let visitor) = context.principal, visitor.formToken != nil, visitor.role >= .operator else {
            return nil
        }
        self.init(form: PostForm(visitor: visitor))
    }
}
