import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The web site of somebody else: a few pages on an address of loopback, in the clear or over TLS.
struct ForeignSite {
    let address: String

    /// Serves pages while `body` runs.
    ///
    /// - Parameters:
    ///   - host: Another one than the unit's is another site; the unit's with another port is the same site, and another
    ///     origin.
    ///   - tls: With which certificate and key; nil for none.
    ///   - pages: HTML by its path.
    static func with<Value>(
        _ host: String, tls: (certificate: URL, key: URL)? = nil, pages: [String: String],
        _ body: (ForeignSite) async throws -> Value
    ) async throws -> Value {
        let context = try tls.map { files in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(files.certificate.path).map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: files.key.path, format: .pem))))
        }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(PageHandler(pages))
                }
            }
            .bind(host: host, port: 0).get()
        let port = channel.localAddress?.port ?? 0
        do {
            let value = try await body(
                ForeignSite(address: "\(tls == nil ? "http" : "https")://\(host):\(port)"))
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }
}

/// Answers each request with its page, or with none.
private final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let pages: [String: String]

    init(_ pages: [String: String]) { self.pages = pages }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        let page = pages[head.uri]
        let body = ByteBuffer(string: page ?? "")
        var headers = HTTPHeaders([("Content-Length", "\(body.readableBytes)")])
        headers.add(name: "Content-Type", value: "text/html; charset=utf-8")
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: page == nil ? .notFound : .ok, headers: headers))),
            promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

@available(*, unavailable)
extension PageHandler: Sendable {}
