import Web

/// The forms of a page for somebody who is signed in: each carries the token of the session.
struct PostForm: Sendable {
    let visitor: SignedIn

    /// The hidden field.
    var token: HTML {
        "<input type=\"hidden\" name=\"\(Routes.formToken)\" value=\"\(visitor.formToken ?? "")\">"
    }

    /// A button that changes something by itself.
    ///
    /// - Parameter label: What it does, for those who hear it without its row.
    func button(_ title: String, to action: String, hidden: [(name: String, value: String)] = [], label: String)
        -> HTML
    {
        let fields = hidden.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" as HTML }
        return """
            <form method="post" action="\(action)">\(token)\(fields)\
            <button type="submit" aria-label="\(label)">\(title)</button></form>
            """
    }

    /// Fields, and the button that sends them.
    func fields(_ fields: HTML, to action: String, _ title: String) -> HTML {
        """
        <form class="search" method="post" action="\(action)">\(token)
        \(fields)
        <button type="submit">\(title)</button></form>
        """
    }
}
