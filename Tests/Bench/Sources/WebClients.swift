import Foundation

extension Bench {
    /// People and programs that look at the unit's pages, from outside of the machine.
    public nonisolated var webClients: WebClients { WebClients(bench: self) }
}

/// Many web clients at once, each with connections of its own.
public struct WebClients: Sendable {
    let bench: Bench

    /// What they saw.
    public struct Report: Decodable, Sendable {
        /// Answers with status 200.
        public let answers: Int
        /// Everything else: other statuses, connections that ended early.
        public let failures: [String]
        /// Live events received over all streams.
        public let events: Int
        /// Milliseconds that 99 of 100 answers took at most.
        public let p99: Double
    }

    /// Lets them look for some time.
    ///
    /// - Parameters:
    ///   - watching: How many keep a live page open.
    ///   - polling: How many ask for a page or a document every five seconds.
    public func look(watching: Int, polling: Int, for duration: Duration) async throws -> Report {
        let socket = try await bench.forward(port: 8080)
        let output = try await Child.run([
            "python3", Machine.scripts.deletingLastPathComponent().appending(path: "web-clients").path, socket.path,
            "\(watching)", "\(polling)",
            "\(duration.components.seconds)",
        ])
        guard output.status == 0 else {
            throw BenchFailure("web-clients: \(String(decoding: output.standardError, as: UTF8.self))")
        }
        return try JSONDecoder().decode(Report.self, from: output.standardOutput)
    }
}
