extension InputConfiguration {
    static let shape: Shape<InputConfiguration> = Record<InputConfiguration>(
        blank,
        [
            .required("id", \.id, Shapes.id, "For ever: histories and rules are bound to it.", .plain),
            .optional(
                "name", \.givenName, Shapes.text(), "What people call it; may change. The id when left out.",
                .personal),
            .required("line", \.line, Shapes.gpioLine, "The GPIO line that is read (BCM number): GPIO23.", .plain),
            .defaulted(
                "active", \.active, Shapes.word("a level"), of: blank,
                "The level that means on; low for a contact that closes to ground.", .plain),
            .defaulted(
                "bias", \.bias, Shapes.word("up, down or none"), of: blank,
                "The chip's resistor that holds the line while nothing drives it: up, down or none.", .plain),
            .defaulted(
                "debounce", \.debounce, Shapes.duration(.zero...(.seconds(10))), of: blank,
                "A level counts once it has stayed so long.", .plain),
            .defaulted(
                "counter", \.counts, Shapes.flag, of: blank, "Whether it is counted how often it came on.", .plain),
            .defaulted(
                "on_time", \.timesOn, Shapes.flag, of: blank, "Whether it is measured how long it has been on in all.",
                .plain),
            .defaulted(
                "interval", \.interval, Shapes.duration(.seconds(1)...(.seconds(86_400))), of: blank,
                "How often its state is recorded besides each change.", .plain),
        ]
    ).shape("an input (id, line, ...)").map(
        to: { input in
            var input = input
            if input.name.isEmpty { input.name = input.id }
            return input
        }, from: { $0 })

    private static let blank = InputConfiguration(id: "", name: "", line: 0)

    /// nil as long as none was given.
    private var givenName: String? {
        get { name.isEmpty ? nil : name }
        set { name = newValue ?? "" }
    }
}
