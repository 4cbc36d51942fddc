import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@testable import Web

@Suite struct EventStreamTests {
    static let request = "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    @Test("a message is framed so that its data can forge nothing")
    func frame() {
        let event = ServerSentEvent(event: "a\nb", id: "7", data: ByteBuffer(string: "one\r\ntwo\rid: 9\n\nthree"))
        #expect(
            String(buffer: event.frame)
                == "event: ab\nid: 7\ndata: one\ndata: two\ndata: id: 9\ndata: \ndata: three\n\n")
    }

    @Test("a reader gets the header fields, the messages and heartbeats")
    func reads() async throws {
        try await TestServer.run(streams: EventStreams(limit: 2, heartbeat: .milliseconds(50))) { server in
            let text = try await RawClient.connect(server.tcp) { client in
                try await client.send(Self.request)
                return await client.read(until: ":\n\n")
            }
            #expect(RawAnswer(text).headers["content-type"] == "text/event-stream")
            #expect(RawAnswer(text).headers["cache-control"] == "no-store")
            #expect(text.contains("retry: 3000\n\n"))
            #expect(text.contains("event: first\nid: 1\ndata: one\ndata: two\n\n"))
        }
    }

    @Test("one stream too many is told when to come back; a reader who leaves makes room at once")
    func limit() async throws {
        try await TestServer.run(streams: EventStreams(limit: 1, heartbeat: .seconds(60))) { server in
            try await RawClient.connect(server.tcp) { client in
                try await client.send(Self.request)
                _ = await client.read(until: "two")
                let refused = try await RawClient.get(server.tcp, "/api/v1/live")
                #expect(refused.status == 503)
                #expect(refused.headers["retry-after"] == "10")
                #expect(server.streams.count == 1)
            }
            while server.streams.count > 0 { await Task.yield() }
        }
    }

    @Test("a reader who does not read is dropped, with a bounded backlog")
    func slow() async throws {
        try await TestServer.run(streams: EventStreams(limit: 1, heartbeat: .seconds(60))) { server in
            try await RawClient.connect(server.tcp) { client in
                try await client.stopReading()
                try await client.send("GET /api/v1/flood HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                while server.streams.count == 0 { await Task.yield() }
                while server.streams.count > 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(try await RawClient.get(server.tcp, "/hello").status == 200)
        }
    }

    @Test("a graceful shutdown ends live streams and idle connections without waiting for anything")
    func shutdown() async throws {
        try await TestServer.run(streams: EventStreams(limit: 2, heartbeat: .seconds(60))) { server in
            try await RawClient.connect(server.tcp) { client in
                try await client.send(Self.request)
                _ = await client.read(until: "two")
                try await RawClient.connect(server.tcp) { idle in
                    try await idle.send("GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                    _ = await idle.read(until: "</p>")
                    let started = ContinuousClock.now
                    await server.group.triggerGracefulShutdown()
                    #expect(await idle.readToEnd().isEmpty)
                    #expect(await client.readToEnd().hasSuffix("0\r\n\r\n"))
                    #expect(ContinuousClock.now - started < .seconds(3))
                }
            }
            await #expect(throws: (any Error).self) { try await RawClient.get(server.tcp, "/hello") }
        }
    }
}
