import Foundation
import NIOHTTP1
import Site
import TestSupport
import Testing

/// Clients that take all connections over TLS, and give nothing.
@Suite("Slow clients over TLS", .serialized)
struct SlowTLSTests {
    private static let beginnings = [
        "GET /api/v1/latest HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
        "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 8000\r\n\r\nname=",
    ]

    @Test(
        "128 requests that are dripped in hold neither the API nor the sensors up, over TLS nor on the unit",
        arguments: beginnings)
    func dripping(beginning: String) async throws {
        try await ProvisionedUnit.with(site: SteadySensing.site, users: [("anna", .admin)]) { door in
            let port = door.port
            try await SteadySensing.whileDoing(at: door.unit) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let (opened, count) = AsyncStream.makeStream(of: Void.self)
                    for place in 0..<128 {
                        group.addTask {
                            // Whoever is put out comes again.
                            while !Task.isCancelled {
                                await drip(beginning, at: port, from: "127.0.5.\(place % 4 + 1)") { count.yield() }
                                try await Task.sleep(for: .milliseconds(200))
                            }
                        }
                    }
                    var iterator = opened.makeAsyncIterator()
                    for _ in 0..<128 { await iterator.next() }
                    try await expectAnswers(door)
                    group.cancelAll()
                }
            }
        }
    }

    private func drip(_ beginning: String, at port: Int, from source: String, _ opened: () -> Void) async {
        try? await TLSConnection.open(port, from: source) { connection in
            try await connection.send(beginning)
            opened()
            // Until it is closed.
            while true {
                try await connection.send("a")
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// For six seconds, while all places are taken again and again: what has been arriving for two seconds gives way.
    private func expectAnswers(_ door: ProvisionedUnit) async throws {
        let start = ContinuousClock.now
        var answers: [(time: Duration, status: Int)] = []
        while ContinuousClock.now - start < .seconds(6) {
            #expect(try await door.unit.get("/api/v1/latest").status == .ok)
            let text = try? await TLSConnection.exchange(
                door.port, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            answers.append((ContinuousClock.now - start, TLSConnection.statuses(text ?? "").first ?? 0))
            try await Task.sleep(for: .milliseconds(100))
        }
        let good = answers.filter { $0.status == 200 }.map(\.time)
        let ends = [.zero] + good + [.seconds(6)]
        let longest = zip(ends.dropFirst(), ends).map { $0 - $1 }.max() ?? .zero
        print("slow clients: \(good.count) of \(answers.count) let in, \(longest) without one at most")
        #expect(longest < .seconds(4), "\(answers)")
        #expect(answers.allSatisfy { [0, 200, 503].contains($0.status) })
    }
}
