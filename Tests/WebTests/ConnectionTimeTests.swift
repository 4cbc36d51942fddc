import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Web

/// The patience of one connection, by a clock that the test moves.
@Suite struct ConnectionTimeTests {
    /// A connection as the server sets it up, without the routes behind it.
    private struct Connection {
        let channel = EmbeddedChannel()

        init() throws {
            let guarding = ConnectionGuard(limits: .standard)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ByteWatch(guarding))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
            try pipeline.addHandler(guarding)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func receive(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

        func answer() throws {
            let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
            try channel.writeOutbound(HTTPServerResponsePart.head(head))
            try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        }

        func pass(_ seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

        func said() throws -> String {
            var all = ""
            while let part = try channel.readOutbound(as: ByteBuffer.self) { all += String(buffer: part) }
            return all
        }
    }

    private static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test("silence is borne for 10 s, and ends without a word")
    func silent() throws {
        let connection = try Connection()
        connection.pass(9)
        #expect(connection.channel.isActive)
        connection.pass(1)
        #expect(!connection.channel.isActive)
        #expect(try connection.said() == "")
    }

    @Test("a head that is dripped in has 10 s from its beginning, then 408 is said and the connection closed")
    func slowloris() throws {
        let connection = try Connection()
        try connection.receive("GET / HTTP/1.1\r\n")
        for _ in 0..<9 {
            connection.pass(1)
            try connection.receive("X: a\r\n")
        }
        #expect(try connection.said() == "")
        connection.pass(1)
        #expect(try connection.said().hasPrefix("HTTP/1.1 408"))
        connection.pass(1)
        #expect(!connection.channel.isActive)
    }

    @Test("a kept-alive connection has 60 s between requests and 10 s for each head")
    func idle() throws {
        let connection = try Connection()
        for _ in 0..<3 {
            try connection.receive(Self.request)
            try connection.answer()
            connection.pass(59)
            #expect(connection.channel.isActive)
        }
        try connection.receive("G")
        connection.pass(9)
        #expect(connection.channel.isActive)
        connection.pass(1)
        #expect(try connection.said().contains("HTTP/1.1 408"))
    }

    @Test("after the last request it is 60 s until the connection is closed, without a word")
    func idleEnd() throws {
        let connection = try Connection()
        try connection.receive(Self.request)
        try connection.answer()
        _ = try connection.said()
        connection.pass(60)
        #expect(!connection.channel.isActive)
        #expect(try connection.said() == "")
    }

    @Test("a request in progress may take as long as it takes")
    func working() throws {
        let connection = try Connection()
        try connection.receive(Self.request)
        connection.pass(3600)
        #expect(connection.channel.isActive)
        try connection.answer()
        #expect(try connection.said().hasPrefix("HTTP/1.1 200"))
    }

    @Test("a body has 60 s")
    func body() throws {
        let connection = try Connection()
        try connection.receive("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab")
        connection.pass(59)
        #expect(connection.channel.isActive)
        connection.pass(1)
        #expect(!connection.channel.isActive)
    }

    @Test("an answer before the end of the request says that it is the last")
    func early() throws {
        let connection = try Connection()
        try connection.receive("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab")
        try connection.answer()
        #expect(try connection.said().lowercased().contains("connection: close\r\n"))
        connection.pass(1)
        #expect(!connection.channel.isActive)
    }

    @Test("a client that takes nothing is stalled at the second look, one that takes 4 KiB is not")
    func stall() {
        let start = NIODeadline.uptimeNanoseconds(0)
        var state = ConnectionState(limits: .standard, now: start)
        state.readHead(at: start)
        state.readEnd(at: start)
        #expect(state.deadline == nil)
        state.hasBytesWaiting(at: start)
        #expect(state.deadline?.time == start + .seconds(10))
        #expect(state.deadline?.expiry == .stalled)
        var stalled = [state.isStalled(waiting: 1_000_000, at: start + .seconds(10))]
        stalled.append(state.isStalled(waiting: 995_000, at: start + .seconds(20)))
        // Written to meanwhile: that does not start the allowance anew.
        state.hasBytesWaiting(at: start + .seconds(29))
        #expect(state.deadline?.time == start + .seconds(30))
        stalled.append(state.isStalled(waiting: 994_000, at: start + .seconds(30)))
        #expect(stalled == [false, false, true])
        state.allBytesTaken()
        #expect(state.deadline == nil)
    }

    @Test("idle ones give way at once, what is still arriving after 2 s, and an answer under way never")
    func givesWay() {
        let start = NIODeadline.uptimeNanoseconds(0)
        var state = ConnectionState(limits: .standard, now: start)
        #expect(state.givesWaySince == start)
        state.readBytes(at: start + .seconds(1))
        #expect(state.givesWaySince == start + .seconds(2), "a head that drips")
        state.readHead(at: start + .seconds(3))
        #expect(state.givesWaySince == start + .seconds(5), "a body that drips")
        state.readEnd(at: start + .seconds(4))
        #expect(state.givesWaySince == nil, "it is being answered")
        state.hasBytesWaiting(at: start + .seconds(5))
        state.wroteEnd(at: start + .seconds(6))
        #expect(state.givesWaySince == nil, "its answer is being taken")
        state.allBytesTaken()
        #expect(state.givesWaySince == start + .seconds(6))
    }
}
