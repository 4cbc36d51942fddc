import HTTPTypes
import Hummingbird
public import Site
public import Web

/// What the unit finds when it looks at itself: the Support page, and the same for programs.
public struct SupportRoutes: Sendable {
    private let pages: Pages
    private let latest: @Sendable () async -> DiagnosisDocument?

    /// - Parameter latest: nil as long as the unit has not looked yet.
    public init(_ pages: Pages, latest: @escaping @Sendable () async -> DiagnosisDocument?) {
        self.pages = pages
        self.latest = latest
    }

    public func add(to routes: Routes) {
        routes.get("/support", .atLeast(.viewer)) { request, context in
            let answer = pages.seen(by: context.principal).support(await latest())
            return .bytes(answer.body.utf8, type: answer.contentType, for: request, status: .init(code: answer.status))
        }
        routes.get("/api/v1/diagnosis", .atLeast(.viewer), describedBy: Self.operation) { _, _ in
            guard let document = await latest() else {
                throw Problem(
                    status: 404, code: "diagnosis.none",
                    detail: "The unit has not looked at itself yet; it does so within a minute of its start.")
            }
            return document
        }
    }

    private static let operation = APIOperation(
        "getDiagnosis", .unit, "What the unit has found when it last looked at itself",
        details:
            "Of its machine, its network and its services, every five minutes; `picli diagnose` looks at more, and now.",
        refusals: [.init(404, "diagnosis.none", "The unit has not looked at itself yet.")])
}
