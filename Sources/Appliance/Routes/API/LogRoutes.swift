import Hummingbird
public import Site
public import Store
public import Web

/// The logs of the site's devices: `/api/v1/logs`, `/api/v1/logs/sources`, and as they come `/api/v1/logs/live`.
public struct LogRoutes: Sendable {
    private let archive: any LogArchive
    private let live: @Sendable () -> AsyncStream<[RecordedLine]>
    private let streams: EventStreams
    private let addresses: [String: String]

    /// - Parameters:
    ///   - live: A new reader's view of the lines that are stored; must drop the oldest rather than grow.
    ///   - names: What the site file calls the addresses that may send.
    public init(
        _ archive: any LogArchive, live: @escaping @Sendable () -> AsyncStream<[RecordedLine]>, streams: EventStreams,
        names: [(address: String, name: String)]
    ) {
        self.archive = archive
        self.live = live
        self.streams = streams
        addresses = Dictionary(names.map { ($0.name, $0.address) }) { first, _ in first }
    }

    public func add(to routes: Routes) {
        let search = APIOperation(
            "searchLogs", .logs, "The lines of the logs, newest first",
            details: "What takes too long is answered in part, with `searchedTo`.", parameters: LogQuery.parameters)
        routes.get("/api/v1/logs", .atLeast(.viewer), describedBy: search) { parameters, context in
            let query = try LogQuery(parameters, now: context.time, addresses: addresses)
            return LogsDocument(try await archive.lines(query))
        }
        let list = APIOperation("listLogSources", .logs, "Who sends logs")
        routes.get("/api/v1/logs/sources", .atLeast(.viewer), describedBy: list) { _, _ in
            try await archive.sources()
        }
        let follow = APIOperation(
            "followLogs", .logs, "The lines of the logs as they come",
            details: "With `after`, what came since that line is sent first: the newest \(Self.mostLines) of it.",
            parameters: LogQuery.followed,
            refusals: [.init(503, "stream.limit", "As many streams are open as may be.")])
        let lines = APIAnswer.Event("lines", LogsDocument.schema, "New lines, oldest first.")
        routes.stream("/api/v1/logs/live", .atLeast(.viewer), describedBy: follow, sending: [lines]) {
            parameters, context in
            var query = try LogQuery(parameters, now: context.time, addresses: addresses)
            let batches = live()
            let start = query.after
            query.after = nil
            return try streams.response(context: context) { [query] queue in
                // What came between the page and this stream; what is in both is told by its sequence.
                let told = await catchUp(from: start, of: query, to: queue)
                for await batch in batches {
                    send(batch.filter { query.wants($0.line) && $0.id.sequence > told }, to: queue)
                }
            }
        }
    }

    /// Lines of one message: of a flood, the newest.
    private static let mostLines = 200

    /// Sends what is stored since; answers the sequence up to which that is.
    private func catchUp(from start: Int64?, of query: LogQuery, to queue: EventStreams.Queue) async -> Int64 {
        guard let start else { return .min }
        var query = query
        query.limit = Self.mostLines
        guard let newest = try? await archive.lines(query).lines else { return start }
        send(newest.filter { $0.id.sequence > start }.reversed(), to: queue)
        return max(start, newest.first?.id.sequence ?? start)
    }

    private func send(_ lines: [RecordedLine], to queue: EventStreams.Queue) {
        let lines = Array(lines.suffix(Self.mostLines))
        guard let last = lines.last else { return }
        queue.send("lines", LogsDocument(LogAnswer(lines: lines)), id: "\(last.id.sequence)")
    }
}
