import Site
import Web

/// The way to a second factor: the picture for the app, its first code, and the codes for the day without the phone.
struct SecondFactorPages: Sendable {
    let frame: PageFrame
    let form: PostForm

    /// - Parameters:
    ///   - link: What the picture says: a phone that shows the page cannot look at its own screen.
    ///   - picture: The dark modules of a QR code as the path of an SVG, and modules a side; nil where none can be drawn.
    ///   - complaint: What was wrong with the code that was typed.
    func offer(
        _ code: TimedCode, link: String, picture: (path: String, side: Int)?, complaint: String?
    ) -> String {
        frame.render(
            title: "Second factor", back: true,
            body: """
                <form class="door" method="post" action="/account/second-factor-code">\(form.token)
                <h1>Set up a second factor</h1>
                <p>\(picture == nil ? "Type this into an authenticator app:" : "Scan this with an authenticator app, or type it in:")</p>
                \(picture.map(drawing))
                <p><code class="secret">\(grouped(code.text))</code></p>
                <p><a class="button" href="\(link)">Open in an app on this device</a></p>
                \(complaint.map { "<p class=\"note\" role=\"alert\">\($0)</p>" as HTML })
                <label>The code that the app shows now <input name="code" inputmode="numeric" autocomplete="one-time-code" \
                maxlength="9" required></label>
                <button type="submit">Set it</button>
                </form>
                """)
    }

    /// - Parameter recovery: Shown this once.
    func done(recovery: [String]) -> String {
        let codes = recovery.map { "<li><code class=\"secret\">\($0)</code></li>" as HTML }
        return frame.render(
            title: "Second factor", back: true,
            body: """
                <h1>The second factor is set</h1>
                <p class="note" role="status">Keep these recovery codes where your phone is not. Each opens the unit once in place \
                of the app; they are not shown again.</p>
                <ul class="codes">\(codes)</ul>
                <p class="links"><a class="button" href="/account">To my account</a></p>
                """)
    }

    private func drawing(_ picture: (path: String, side: Int)) -> HTML {
        // Four light modules all around belong to it (ISO/IEC 18004).
        let side = picture.side + 8
        return """
            <svg class="qr" viewBox="-4 -4 \(side) \(side)" role="img" aria-label="The secret for the app">\
            <path shape-rendering="crispEdges" d="\(picture.path)"/></svg>
            """
    }

    private func grouped(_ text: String) -> String {
        var rest = text[...]
        var groups: [Substring] = []
        while !rest.isEmpty {
            groups.append(rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        return groups.joined(separator: " ")
    }
}
