extension RelayWatchdog {
    static let table = Record<RelayWatchdog>(
        blank,
        [
            .required(
                "ping", \.ping, targetShape.list,
                "Who is pinged: gateway, camera, witness, or hosts.", .personal),
            .optional(
                "witnesses", \.witnesses, Shapes.integer(1...16),
                "So many of them must be silent for a round to be bad. Left out: all, so that one answer is enough.",
                .plain),
            .defaulted(
                "every", \.every, Shapes.duration(.seconds(1)...(.seconds(6000))), of: blank,
                "Between two rounds of pings.", .plain),
            .optional(
                "retry", \.retry, Shapes.duration(.seconds(1)...(.seconds(6000))),
                "The same after a bad round. Left out: as every.", .plain),
            .defaulted(
                "failures", \.failures, Shapes.integer(1...255), of: blank,
                "Bad rounds in a row before the load is restarted.", .plain),
            .defaulted(
                "method", \.method, Shapes.word("a way to restart"), of: blank,
                "How it is restarted: cut (its power), button (its reset button) or atx (a computer's power button).",
                .plain),
            .defaulted(
                "off_for", \.offFor, Shapes.duration(.seconds(1)...(.seconds(6000))), of: blank,
                "How long the power is cut; with atx, the time between the two presses.", .plain),
            .defaulted(
                "press", \.press, press, of: blank,
                "How long the button is pressed; with atx, the press that starts the computer.", .plain),
            .defaulted(
                "hold", \.hold, press, of: blank, "The long press of atx, which forces the computer off.", .plain),
            .defaulted(
                "press_at_boot", \.pressAtBoot, Shapes.flag, of: blank, "Press the button once when the unit starts.",
                .plain),
            .defaulted(
                "delay", \.delay, Shapes.duration(.zero...(.seconds(6000))), of: blank,
                "No pings after boot and after a restart: the load starts up.", .plain),
            .defaulted(
                "back_off", \.backOff, Shapes.integer(1...10), of: blank,
                "After each restart in a row, delay is so many times longer, up to 6h.", .plain),
            .defaulted(
                "attempts", \.attempts, Shapes.integer(1...255), of: blank,
                "Restarts in a row; after the last the load stays on.", .plain),
            .optional(
                "then_every", \.thenEvery, Shapes.duration(.seconds(600)...(.seconds(7 * 86_400))),
                "After the last attempt, one more this often. Left out: only after a target has answered.", .plain),
            .defaulted(
                "per_day", \.perDay, Shapes.integer(1...1000), of: blank, "Upper bound of restarts in a day.", .plain),
        ])

    private static let targetShape: Shape<Target> = Shapes.host.map(
        to: { text in
            switch text {
            case "gateway", "router": .gateway
            case "camera": .camera
            case "witness": .witness
            default: .host(text)
            }
        },
        from: { $0.word })

    private static let press = Shapes.duration(.milliseconds(100)...(.seconds(60)))

    private static let blank = RelayWatchdog(ping: [])
}

extension RelayWatchdog.Target {
    /// As it stands in the site file.
    var word: String {
        switch self {
        case .gateway: "gateway"
        case .camera: "camera"
        case .witness: "witness"
        case .host(let host): host
        }
    }
}
