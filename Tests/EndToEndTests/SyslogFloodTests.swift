import Foundation
import Site
import Testing

/// A sender that has gone mad beside one that has not.
@Suite("A flood of log lines")
struct SyslogFloodTests {
    private static let site = """
        site: { name: End to end }
        network: { router: { address: 127.0.0.2 }, camera: { address: 127.0.0.3 } }
        logs: { rate: 10 }
        """
    /// Ten minutes' worth of the rate, which one sender may send at once.
    private static let burst = 6000
    private static let flood = 100_000

    private static func lines(_ numbers: Range<Int>) -> [UInt8] {
        numbers.flatMap { Array("<134>Nov 28 21:12:00 host said: line \($0) end\n".utf8) }
    }

    private func stored(of source: String, in unit: Unit) async throws -> [Int] {
        let export = try await Run.picli([
            "logs", "export", "said", "--source", source, "--format", "jsonl", "--state", unit.state.path,
        ])
        return try export.output.split(separator: "\n").compactMap { line in
            try JSONDecoder().decode(RecordedLine.self, from: Data(line.utf8)).line.text
                .split(separator: " ").compactMap { Int($0) }.first
        }
    }

    @Test("who floods is held to the rate; the other loses no line, over TCP nor UDP")
    func flood() async throws {
        try await SyslogServer.with(site: Self.site) { unit, server, _ in
            let port = server.port
            async let flood: Void = SyslogServer.send(Self.lines(0..<Self.flood), from: "127.0.0.2", to: port)
            for first in stride(from: 0, to: 600, by: 20) {
                try await server.send(Self.lines(first..<first + 10), from: "127.0.0.3")
                for number in first + 10..<first + 20 {
                    try await server.send(
                        Self.lines(number..<number + 1), over: Int32(SOCK_DGRAM.rawValue), from: "127.0.0.3")
                }
            }
            try await flood
            try await eventually("the camera's lines", within: .seconds(60), poll: .seconds(1)) {
                try await stored(of: "127.0.0.3", in: unit).sorted() == Array(0..<600)
            }
            try await eventually("every line of the flood is judged", within: .seconds(60), poll: .seconds(1)) {
                let sources = try await unit.get("/api/v1/logs/sources").decode(LogSourcesDocument.self).sources
                return sources.first { $0.address == "127.0.0.2" }.map { $0.lines + $0.dropped } == Int64(Self.flood)
            }
            let taken = try await stored(of: "127.0.0.2", in: unit).count
            #expect((Self.burst..<Self.burst + 1200).contains(taken))
            #expect(try await unit.events().contains { $0.event.code.rawValue == "logs.source_flooding" })
        }
    }
}
