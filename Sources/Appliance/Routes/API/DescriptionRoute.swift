import Site
public import Web

/// `/api/v1/openapi.json`: what the API is, for programs and for who writes them.
public struct DescriptionRoute: Sendable {
    private let version: String

    /// - Parameter version: Of the program.
    public init(version: String) { self.version = version }

    public func add(to routes: Routes) {
        routes.document(
            "/api/v1/openapi.json", .atLeast(.viewer),
            describedBy: .init("getDescription", .unit, "This description"),
            of: .init(title: "picli", version: version, text: Self.text))
    }

    private static let text = """
        The API of a unit of a remote site: what it measures, what it measured, what happened, and who may come in.

        **Coming in.** Over TLS with an API token, as `Authorization: Bearer TOKEN` or as the password of `Basic`; or with the \
        session of a page. Each operation says the role it needs (`x-role`, and in `security`); a role includes those before it: \
        viewer, operator, admin. On the machine itself, over plain HTTP on 127.0.0.1, what a viewer may see needs no account; at \
        the control socket the kernel says who asks.

        **Refusals** are `application/problem+json` (RFC 9457). `code` is for programs and stays; `detail` is for people. A path \
        that is none is 404, a method that a path does not have is 405 with `Allow`, a parameter or a member of a body that is \
        not described is 400. An empty value of a parameter counts as none.

        **Lists** that are not all of it have `next`: give it back in the parameter that its description names.

        **Versions.** Documents have `schema`. Within one version members are only added: ignore what you do not know. A member \
        that says nothing is left out, never `null`. Times are ISO 8601 in UTC; in series, where there are thousands, Unix \
        milliseconds.

        `HEAD` is answered wherever `GET` is, but on streams. Answers are compressed for who sends `Accept-Encoding: gzip`.
        """
}
