import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import Platform
import Site
import Store

/// Asks a running `picli serve` over its control socket: the routes of the web API, over HTTP on a Unix socket.
///
/// Errors: `Failure` with the unit's own code and sentence, or `control.lost` when it went away in between.
struct ControlClient: ReadingSource, LogArchive {
    /// An answer of 100,000 points has 6 MB.
    private static let longestAnswer = 64 * 1024 * 1024
    private static let patience = TimeAmount.seconds(30)

    private let socket: String
    private let http: HTTPClient

    /// Opens the client for as long as `body` runs.
    static func withClient<Result>(
        socket: String, _ body: (ControlClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(2), read: patience))
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        do {
            let result = try await body(ControlClient(socket: socket, http: http))
            try await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    func metrics() async throws -> [MetricDescription] {
        try await get(MetricsDocument.self, ControlRequest("/api/v1/metrics")).metrics
    }

    func latest() async throws -> [Reading] {
        try await get(LatestDocument.self, ControlRequest("/api/v1/latest")).readings
    }

    func series(_ query: SeriesQuery) async throws -> SeriesAnswer {
        try await get(SeriesDocument.self, ControlRequest(query)).answer
    }

    func events(_ query: EventQuery) async throws -> [RecordedEvent] {
        try await get(EventsDocument.self, ControlRequest(query)).events
    }

    func lines(_ query: LogQuery) async throws -> LogAnswer {
        try await get(LogsDocument.self, ControlRequest(query)).answer
    }

    func sources() async throws -> LogSourcesDocument {
        try await get(LogSourcesDocument.self, ControlRequest("/api/v1/logs/sources"))
    }

    func audit(_ query: AuditQuery) async throws -> AuditDocument {
        try await get(AuditDocument.self, ControlRequest(query))
    }

    /// Asks for a change.
    func change<Document: Decodable>(
        _ type: Document.Type, _ request: (method: String, path: String, body: [UInt8]),
        headers: [(String, String)] = []
    ) async throws -> Document {
        try read(
            type, try await answer(to: ControlRequest(request.path), request.method, request.body, headers: headers))
    }

    func document<Document: Decodable>(_ type: Document.Type, at path: String) async throws -> Document {
        try await get(type, ControlRequest(path))
    }

    private func get<Document: Decodable>(_ type: Document.Type, _ request: ControlRequest) async throws -> Document {
        try read(type, try await answer(to: request))
    }

    private func read<Document: Decodable>(
        _ type: Document.Type, _ answer: (status: UInt, body: [UInt8])
    ) throws -> Document {
        let (status, body) = answer
        guard status == 200 else { throw Failure(refusal: body, status: status) }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw Failure(
                "control.answer", "The running unit gave an answer that this picli does not understand: \(error).",
                hint: "restart the service, when picli was just updated: systemctl restart picli")
        }
    }

    private func answer(
        to request: ControlRequest, _ method: String = "GET", _ body: [UInt8] = [],
        headers: [(String, String)] = []
    ) async throws -> (status: UInt, body: [UInt8]) {
        do {
            var message = HTTPClientRequest(url: request.url(socket: socket))
            message.method = .init(rawValue: method)
            message.headers.add(name: "Host", value: "localhost")
            for (name, value) in headers { message.headers.add(name: name, value: value) }
            if !body.isEmpty {
                message.headers.add(name: "Content-Type", value: "application/json")
                message.body = .bytes(ByteBuffer(bytes: body))
            }
            let response = try await http.execute(message, timeout: Self.patience)
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            return (response.status.code, Array(body.readableBytesView))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Failure(
                "control.lost", "The running unit stopped answering at \(socket): \(error).",
                hint: "the same command again", status: .tryAgain)
        }
    }
}

extension Failure {
    /// What the unit said instead of an answer (RFC 9457); a program that is no picli says nothing that can be read.
    fileprivate init(refusal body: [UInt8], status: UInt) {
        struct Problem: Decodable {
            let code: String
            let detail: String
            let example: String?
            /// What of the question is at fault: then it is the user's to put right.
            let parameter: String?
        }
        let isBusy = status == 429 || status == 503
        if let problem = try? JSONDecoder().decode(Problem.self, from: Data(body)) {
            self.init(
                problem.code, problem.detail,
                hint: problem.example.map { "for example \($0.replacing(/([a-z]+)=/) { "--\($0.1) " })" },
                status: isBusy ? .tryAgain : problem.parameter == nil ? .failed : .usage)
        } else {
            self.init(
                "control.refused", "The running unit answered with HTTP status \(status) and no reason.",
                status: isBusy ? .tryAgain : .failed)
        }
    }
}
