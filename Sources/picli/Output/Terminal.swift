import Glibc

/// What is known of the place that text goes to.
///
/// A pipe or a file gets the same words, without colour.
struct Terminal: Sendable {
    /// Text is laid out for this many columns, so that it reads the same in a terminal, a file and a mail.
    var width = 80
    var hasColor = false
    /// Whether what stands there can be drawn over.
    var isInteractive = false

    init(width: Int = 80, hasColor: Bool = false) {
        self.width = width
        self.hasColor = hasColor
    }

    /// Colour needs a terminal that has it, and an owner who wants it (https://no-color.org).
    init(descriptor: Int32, environment: [String: String]) {
        let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        isInteractive = isatty(descriptor) == 1 && environment["TERM"].map { $0 != "dumb" } ?? false
        hasColor = isInteractive && !isRefused
    }

    /// Repeats in colour what the words already say.
    func styled(_ text: String, _ style: Style) -> String {
        hasColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// ECMA-48 "select graphic rendition" parameters.
    enum Style: String {
        case heading = "1"
        case error = "1;31"
        case warning = "1;33"
        case faint = "2"
    }
}
