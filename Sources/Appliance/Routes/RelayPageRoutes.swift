import Hummingbird
import Site
public import Web

/// The page of the relays, and what its buttons switch.
public struct RelayPageRoutes: Sendable {
    private let desk: RelayDesk
    private let pages: Pages

    public init(_ desk: RelayDesk, pages: Pages) {
        self.desk = desk
        self.pages = pages
    }

    public func add(to routes: Routes) {
        routes.get("/relays", .atLeast(.viewer)) { request, context in await page(for: request, context) }
        routes.form("/relays/:id", .freshly(.operator)) { form, request, context in
            let id = try context.pathParameter("id")
            do {
                let accepted = try await desk.perform(
                    try form.relayCommand, on: id, as: context.principal.causeKind, by: context.origin,
                    key: try form.relayKey, expected: try form.expectedState)
                guard !accepted.isRepeat else {
                    return await page(
                        for: request, context, saying: "That was done before. Press again if it is still wanted.")
                }
                return .redirect(to: "/relays")
            } catch let problem as Problem where problem.status != 404 {
                return await page(for: request, context, saying: problem.detail, status: problem.status)
            }
        }
    }

    private func page(
        for request: Request, _ context: WebContext, saying alert: String? = nil, status: Int? = nil
    ) async -> Response {
        let page = await pages.seen(by: context.principal).relays(
            await desk.document, form: RelayForm(context), alert: alert)
        return .html(page.body, for: request, status: .init(code: status ?? page.status))
    }
}

extension RelayForm {
    /// nil for who may not switch, or has not signed in with a browser.
    init?(_ context: WebContext) {
        guard case .account(let visitor) = context.principal, visitor.formToken != nil, visitor.role >= .operator else {
            return nil
        }
        self.init(
            form: PostForm(visitor: visitor), isStale: context.entrance == .secure && !visitor.isFresh,
            isRemote: context.entrance == .secure, mark: String(UInt64.random(in: 0 ... .max), radix: 36))
    }
}

extension Form {
    private static let wrong = Problem(
        status: 400, code: "relay.invalid", detail: "Nothing was switched: that is no command of a relay.")

    /// The key of a button; nil without one.
    ///
    /// Errors: `Problem` 400 for one that no page of ours has.
    fileprivate var relayKey: String? {
        get throws {
            let key = self["key"]
            guard key.isEmpty || RelayRequest.isKey(key) else { throw Self.wrong }
            return key.isEmpty ? nil : key
        }
    }

    /// The state that the page showed; nil where the button does not depend on it.
    fileprivate var expectedState: RelayState? {
        get throws {
            let state = RelayState(rawValue: self["expected"])
            guard state != nil || self["expected"].isEmpty else { throw Self.wrong }
            return state
        }
    }

    /// The command that a button of a relay sends.
    ///
    /// Errors: `Problem` 400 for none that there is.
    fileprivate var relayCommand: RelayCommand {
        get throws {
            let seconds = self["seconds"].isEmpty ? nil : Double(self["seconds"])
            guard self["seconds"].isEmpty || seconds.map({ $0 >= 0 && $0 <= 3e6 }) == true else { throw Self.wrong }
            let length = seconds.map { Duration.milliseconds(Int64(($0 * 1000).rounded())) }
            let state = RelayState(rawValue: self["state"])
            switch self["do"] {
            case "on": return .on
            case "off": return .off
            case "toggle": return .toggle
            case "pulse": return .pulse(length, state)
            case "override":
                guard let length, let state else { throw Self.wrong }
                return .override(state, for: length)
            case "release": return .release
            case "rearm": return .rearm
            case "disarm": return .disarm
            case "confirm": return .confirm
            default: throw Self.wrong
            }
        }
    }
}
