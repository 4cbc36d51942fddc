import CZlib
import HTTPTypes
import NIOCore
import Testing

@testable import Web

@Suite struct AssetTests {
    private static let file = EmbeddedAsset(
        name: "a.css", hash: "0123456789abcdef", text: "body { color: red } body { color: red } body { color: red }")

    @Test("the build embeds every file of the folder, with a hash")
    func embedded() throws {
        let file = try #require(Assets.embedded.files["app.css"])
        #expect(file.hash.count == 16)
        #expect(file.type == "text/css; charset=utf-8")
        #expect(file.content.readableBytes > 0)
        #expect(Assets.embedded.url("app.css") == "/assets/app.css?v=\(file.hash)")
    }

    @Test("an asset is kept for ever under its hash, asked about without it, and 304 when known")
    func caching() async throws {
        try await TestServer.run { server in
            let file = try #require(Assets.embedded.files["app.css"])
            let exact = try await RawClient.get(server.tcp, Assets.embedded.url("app.css"))
            #expect(exact.status == 200)
            #expect(exact.headers["cache-control"] == "public, max-age=31536000, immutable")
            #expect(exact.headers["etag"] == "\"\(file.hash)\"")
            #expect(exact.body == String(buffer: file.content))
            for path in ["/assets/app.css", "/assets/app.css?v=old"] {
                #expect(try await RawClient.get(server.tcp, path).headers["cache-control"] == "no-cache")
            }
            for tag in ["\"\(file.hash)\"", "W/\"\(file.hash)\"", "\"x\", \"\(file.hash)\"", "*"] {
                let known = try await RawClient.get(server.tcp, "/assets/app.css", headers: ["If-None-Match: \(tag)"])
                #expect(known.status == 304)
                #expect(known.body.isEmpty)
                #expect(known.headers["content-length"] == nil)
            }
            let changed = try await RawClient.get(server.tcp, "/assets/app.css", headers: ["If-None-Match: \"x\""])
            #expect(changed.status == 200)
        }
    }

    @Test(
        "gzip goes to whom it is acceptable",
        arguments: [
            ("gzip", true), ("br, gzip;q=0.5", true), ("GZIP", true), ("*", true), ("gzip;q=0", false),
            ("gzip; q=0.0", false), ("br", false), ("", false), ("xgzip", false), ("gzip;q=x", false),
        ])
    func acceptance(_ header: String, _ isAccepted: Bool) {
        #expect(Gzip.isAccepted(by: header.isEmpty ? [:] : [.acceptEncoding: header]) == isAccepted)
    }

    @Test("what is compressed is what comes out", arguments: [0, 1, 1000, 100_000])
    func compression(_ count: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...15, using: &generator) }
        for level in [Gzip.Level.fast, .best] {
            let compressed = try #require(Gzip.compress(bytes, level: level))
            #expect(inflated(compressed, room: count + 1) == bytes)
        }
    }

    @Test("a page is compressed over the wire, with the header fields that say so")
    func page() async throws {
        let asset = Assets([Self.file]).files["a.css"]
        #expect(asset?.compressed.map { $0.readableBytes < 60 } == true)
        try await TestServer.run { server in
            let answer = try await RawClient.get(
                server.tcp, "/api/v1/compressible", headers: ["Accept-Encoding: gzip"])
            #expect(answer.headers["content-encoding"] == "gzip")
            #expect(answer.headers["vary"] == "Accept-Encoding")
            let plain = try await RawClient.get(server.tcp, "/api/v1/compressible")
            #expect(plain.headers["content-encoding"] == nil)
            #expect(plain.body.utf8.count == 10_000)
        }
    }

    private func inflated(_ bytes: [UInt8], room: Int) -> [UInt8]? {
        var bytes = bytes
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        let count = bytes.count
        return bytes.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: room) { target, written in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(room)
                written = inflate(&stream, Z_FINISH) == Z_STREAM_END ? room - Int(stream.avail_out) : 0
            }
        }
    }
}
