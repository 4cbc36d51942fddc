import NIOCore
import TestSupport
import Testing
import Web

/// Clients that take their time, and clients that are many.
@Suite struct SlowClientTests {
    private static func quick() -> ServerLimits {
        var limits = ServerLimits()
        limits.headTimeout = .milliseconds(300)
        limits.bodyTimeout = .milliseconds(300)
        limits.idleTimeout = .milliseconds(300)
        limits.stallTimeout = .milliseconds(300)
        return limits
    }

    @Test("the limits of a unit in service are those that are promised")
    func promised() {
        let limits = ServerLimits.standard
        #expect(limits.head == 16 * 1024)
        #expect(limits.body == 1024 * 1024)
        #expect(limits.connections == 128)
        #expect(limits.headTimeout == .seconds(10))
        #expect(limits.arrivalTime == .seconds(2))
        #expect(limits.idleTimeout == .seconds(60))
        #expect(limits.streams == 32)
    }

    @Test("a head that never ends is cut off with 408")
    func slowloris() async throws {
        try await TestServer.run(limits: Self.quick()) { server in
            let text = try await RawClient.exchange(server.tcp, "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a")
            #expect(RawAnswer(text).status == 408)
        }
    }

    @Test("a connection that says nothing is closed without a word")
    func silent() async throws {
        try await TestServer.run(limits: Self.quick()) { server in
            let text = try await RawClient.connect(server.tcp) { await $0.readToEnd() }
            #expect(text.isEmpty)
        }
    }

    @Test("a body that never comes is given up")
    func slowBody() async throws {
        try await TestServer.run(limits: Self.quick()) { server in
            let text = try await RawClient.exchange(
                server.tcp, "POST /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc")
            #expect(RawAnswer(text).status == 405)
        }
    }

    @Test("a kept-alive connection is closed when nothing more comes")
    func idle() async throws {
        try await TestServer.run(limits: Self.quick()) { server in
            let text = try await RawClient.exchange(server.tcp, "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(RawAnswer(text).body == "<p>hello</p>")
        }
    }

    @Test("a client that does not take its answer is closed, and holds no other up")
    func stalled() async throws {
        var limits = Self.quick()
        limits.connections = 1
        try await TestServer.run(limits: limits) { server in
            try await RawClient.connect(server.tcp) { client in
                try await client.stopReading()
                try await client.send("GET /api/v1/large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                #expect(try await RawClient.get(server.unix, "/hello").status == 200)
                // Its place is free when it is closed.
                while try await RawClient.get(server.tcp, "/hello").status != 200 {
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }
    }

    @Test("a slow client that keeps taking its answer gets all of it, beyond the stall time")
    func slowReader() async throws {
        var limits = ServerLimits()
        limits.stallTimeout = .seconds(3)
        try await TestServer.run(limits: limits) { server in
            let count = try await RawClient.connect(server.tcp) { client in
                try await client.send("GET /api/v1/large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                var count = 0
                var waited = 0
                while let part = await client.next() {
                    count += part.readableBytes
                    if count / 800_000 > waited {
                        waited += 1
                        try await Task.sleep(for: .milliseconds(350))
                    }
                }
                return count
            }
            #expect(count > 8_000_000)
        }
    }

    @Test("connections that are kept open for later give way, the longest idle one first")
    func idleGiveWay() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        try await TestServer.run(limits: limits) { server in
            let request = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            try await RawClient.connect(server.tcp) { first in
                try await first.send(request)
                _ = await first.read(until: "</p>")
                try await RawClient.connect(server.tcp) { second in
                    try await second.send(request)
                    _ = await second.read(until: "</p>")
                    #expect(try await RawClient.get(server.tcp, "/hello").status == 200)
                    #expect(await first.readToEnd() == "")
                    try await second.send(request)
                    #expect(await second.read(until: "</p>").contains("200 OK"))
                }
            }
        }
    }

    @Test("requests that are dripped in give way to a newcomer after their time, and not before")
    func slowGiveWay() async throws {
        let request = "GET /hello HTTP/1.1\r\nHost"
        var limits = ServerLimits()
        limits.connections = 2
        limits.arrivalTime = .seconds(1)
        try await TestServer.run(limits: limits) { server in
            let start = ContinuousClock.now
            try await RawClient.connect(server.tcp) { first in
                try await first.send(request)
                try await RawClient.connect(server.tcp) { second in
                    try await second.send(request)
                    // A connection of which the server has read nothing yet is idle, and gives way at once.
                    try await Task.sleep(for: .milliseconds(100))
                    // What came before is a place that is taken, until it was given up.
                    var statuses: [Int] = []
                    repeat {
                        statuses.append(try await RawClient.get(server.tcp, "/hello").status)
                    } while statuses.last != 200 && ContinuousClock.now - start < .seconds(10)
                    #expect(statuses.dropLast().allSatisfy { $0 == 503 } && statuses.last == 200, "\(statuses)")
                    #expect(ContinuousClock.now - start > .milliseconds(900))
                    #expect(await first.readToEnd() == "", "the longer one was not given up")
                }
            }
        }
    }

    @Test("one connection too many is told so when none is idle, and the control socket still answers")
    func tooMany() async throws {
        var limits = ServerLimits()
        limits.connections = 3
        try await TestServer.run(limits: limits) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (opened, count) = AsyncStream.makeStream(of: Void.self)
                for _ in 0..<3 {
                    group.addTask {
                        try await RawClient.connect(server.tcp) { client in
                            try await client.send("GET /api/v1/large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                            // The rest of the answer is not read: the connection stays busy.
                            _ = await client.next()
                            count.yield()
                            try? await Task.sleep(for: .seconds(3600))
                        }
                    }
                }
                var iterator = opened.makeAsyncIterator()
                for _ in 0..<3 { await iterator.next() }
                let refused = RawAnswer(try await RawClient.connect(server.tcp) { await $0.readToEnd() })
                #expect(refused.status == 503)
                #expect(refused.headers["retry-after"] == "1")
                #expect(refused.headers["x-content-type-options"] == "nosniff")
                #expect(try await RawClient.get(server.unix, "/hello").status == 200)
                group.cancelAll()
            }
            // Their places are free again.
            var status = 0
            while status != 200 { status = try await RawClient.get(server.tcp, "/hello").status }
        }
    }
}
