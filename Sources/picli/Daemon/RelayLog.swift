import Appliance
import Logging
import Platform
import Site

/// What the owner of the lines says on standard error, apart from the thread that has the lines.
///
/// A log that hangs must not hold them: what it does not take is in the record of intents.
struct RelayLog: Sendable {
    let logger: Logger
    private let events: AsyncStream<Event>.Continuation
    private let writing: Task<Void, Never>

    /// Events that wait at most.
    private static let most = 500

    init(environment: [String: String]) {
        let logger = Logger(label: "picli") { _ in ServiceLog(environment: environment) }
        let (stream, events) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(Self.most))
        self.logger = logger
        self.events = events
        writing = Task {
            let output = Blocking(name: "log") {}
            for await event in stream { try? await output.run(within: .seconds(60)) { _ in logger.log(event) } }
        }
    }

    func say(_ event: Event) { events.yield(event) }

    /// Says the last ones, unless the log hangs.
    func finish() async {
        events.finish()
        try? await withDeadline(.seconds(1)) { [writing] in await writing.value }
    }
}
