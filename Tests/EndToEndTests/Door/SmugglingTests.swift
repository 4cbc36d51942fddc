import Foundation
import NIOHTTP1
import Site
import TestSupport
import Testing

/// Requests of which two readers would see different ends, so that a second one hides in the first.
@Suite("Smuggled requests", .serialized)
struct SmugglingTests {
    /// What is hidden: seen to be answered by what only its answer has.
    private static let hidden = "GET /assets/icon.svg HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    private struct Case {
        let name: String
        let request: String

        init(_ name: String, _ head: String, _ body: String = "0\r\n\r\n\(hidden)", version: String = "1.1") {
            self.name = name
            request = "POST /sign-out HTTP/\(version)\r\nHost: 127.0.0.1\r\n\(head)\r\n\r\n\(body)"
        }

        init(_ name: String, whole request: String) {
            self.name = name
            self.request = request
        }
    }

    private static let cases = [
        Case("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked"),
        Case("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4"),
        Case("TE.TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow"),
        Case("TE.TE, the other way", "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked, cow"),
        Case("an encoding that is none", "Transfer-Encoding: xchunked"),
        Case("chunks and then something", "Transfer-Encoding: chunked, identity"),
        Case("identity", "Transfer-Encoding: identity"),
        Case("a blank before the colon", "Transfer-Encoding : chunked\r\nContent-Length: 5"),
        Case("a vertical tab", "Transfer-Encoding: \u{0B}chunked"),
        Case("an encoding behind a line feed", "X: a\nTransfer-Encoding: chunked\r\nContent-Length: 5"),
        Case("an encoding behind a return", "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5"),
        Case("a folded encoding", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5"),
        Case("a folded field", "X: a\r\n Content-Length: 5\r\nContent-Length: 0", hidden),
        Case("a field that begins the head folded", "X: a\r\n\tb\r\nContent-Length: 0", hidden),
        Case("two lengths", "Content-Length: 0\r\nContent-Length: \(hidden.utf8.count)", hidden),
        Case("two equal lengths", "Content-Length: 0\r\nContent-Length: 0", hidden),
        Case("a list of lengths", "Content-Length: 0, 0", hidden),
        Case("two lengths in one", "Content-Length: 0 5", hidden),
        Case("a signed length", "Content-Length: +0", hidden),
        Case("a hexadecimal length", "Content-Length: 0x0", hidden),
        Case("a length beyond 64 bits", "Content-Length: 18446744073709551616", hidden),
        Case("a chunk beyond 64 bits", "Transfer-Encoding: chunked", "10000000000000000\r\n\r\n\(hidden)"),
        Case("a negative chunk", "Transfer-Encoding: chunked", "-1\r\n\r\n\(hidden)"),
        Case("a chunk with a prefix", "Transfer-Encoding: chunked", "0x0\r\n\r\n\(hidden)"),
        Case("a chunk that is longer than it says", "Transfer-Encoding: chunked", "1\r\naXX0\r\n\r\n\(hidden)"),
        Case("a line feed in a chunk's extension", "Transfer-Encoding: chunked", "0;a\nb\r\n\r\n\(hidden)"),
        Case("chunks with line feeds alone", "Transfer-Encoding: chunked", "1\na\n0\n\n\(hidden)"),
        Case("a length in a trailer", "Transfer-Encoding: chunked", "0\r\nContent-Length: 50\r\n\r\n\(hidden)"),
        Case("a NUL in a field", "X: a\u{00}b\r\nContent-Length: 0", hidden),
        Case("a blank in a name", "X y: a\r\nContent-Length: 0", hidden),
        Case("two hosts", "Host: evil.example\r\nContent-Length: 0", hidden),
        Case("a blank in the target", whole: "GET /a HTTP/1.1 /b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n\(hidden)"),
        Case("HTTP/0.9", whole: "GET /healthz\r\n\r\n\(hidden)"),
        Case("line feeds alone", whole: "GET /healthz HTTP/1.1\nHost: 127.0.0.1\n\n\(hidden)"),
    ]

    @Test("each is refused as a whole, and the connection is closed")
    func refused() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { door in
            for hostile in Self.cases {
                let text = try await TLSConnection.exchange(door.port, hostile.request)
                let statuses = TLSConnection.statuses(text)
                #expect(statuses == [400] || statuses == [505], "\(hostile.name): \(statuses)")
                #expect(!text.contains("<svg"), "\(hostile.name): what was hidden was answered")
            }
        }
    }

    /// Those of which there is one reading: what follows is a request of its own, or is not one.
    @Test("a body is a body, whatever it looks like, and each request answers for itself alone")
    func bodies() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { door in
            let secret = try await Visitor.with(door.address) { network in
                try await network.token("program", "viewer", of: network.session("anna"))
            }
            let hidden = Self.hidden
            let inside =
                "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n"
            let body = try await TLSConnection.exchange(door.port, inside + hidden)
            #expect(TLSConnection.statuses(body) == [200] && !body.contains("<svg"))

            let known = "GET /api/v1/site HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(secret)\r\n\r\n"
            let stranger = "GET /api/v1/site HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            let both = try await TLSConnection.exchange(door.port, known + stranger + known + "GARBAGE\r\n\r\n")
            #expect(TLSConnection.statuses(both) == [200, 401, 200, 400])

            // Whoever speaks HTTP/1.0 may not know of chunks: nothing after such a request is looked at.
            let old =
                "POST /sign-out HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n0\r\n\r\n"
            let last = try await TLSConnection.exchange(door.port, old + hidden)
            #expect(TLSConnection.statuses(last) == [401], "\(last)")
        }
    }

    @Test("marks of HTML in the target of a request come back as text")
    func targets() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { door in
            for target in ["/<script>alert(1)</script>", "/\"><img/src=x/onerror=alert(1)>", "/assets/'-alert(1)-'"] {
                let request =
                    "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
                let text = try await TLSConnection.exchange(door.port, request)
                let statuses = TLSConnection.statuses(text)
                #expect(statuses == [404] || statuses == [400], "\(target): \(statuses)")
                #expect(!text.contains("<script>alert") && !text.contains("<img"), "\(text)")
            }
        }
    }
}
