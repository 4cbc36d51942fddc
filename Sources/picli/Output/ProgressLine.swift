/// One line on standard error that is drawn over; nothing where nobody looks.
final class ProgressLine: Sendable {
    private let console: Console
    private let isShown: Bool

    init(_ console: Console) {
        self.console = console
        isShown = console.error.isInteractive && console.format == .text
    }

    func show(_ text: String) {
        guard isShown else { return }
        // ECMA-48: to the first column, and erase to the end of the line.
        console.prompt("\r\u{1B}[K" + text.prefix(console.error.width - 1))
    }

    func clear() {
        if isShown { console.prompt("\r\u{1B}[K") }
    }
}
