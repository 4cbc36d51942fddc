public import Hummingbird
public import Logging
public import NIOCore

/// What a route knows besides the request: who sent it, when, over which connection.
public struct WebContext: RequestContext {
    public typealias Source = WebRequestSource

    public var coreContext: CoreRequestContextStorage
    public let principal: Principal
    public let entrance: Entrance
    /// Who asks, for the audit log.
    public let origin: Origin
    /// When the request arrived: wall milliseconds.
    public let time: Int64
    /// The connection it came over.
    public let channel: any Channel
    /// Whether who asked may still be there; for answers that last.
    let holds: @Sendable () async -> Bool

    public init(source: WebRequestSource) {
        coreContext = .init(source: source)
        principal = source.principal
        entrance = source.entrance
        origin = source.origin
        time = source.time
        channel = source.channel
        holds = source.holds
    }

    /// What stands in the path in place of `:name`, percent-decoded (RFC 3986, 2.1).
    ///
    /// - Throws: `Problem` 404 for what cannot be decoded.
    public func pathParameter(_ name: String) throws(Problem) -> String {
        // Unlike in a query, a `+` is a plus.
        guard let text = parameters.get(name), let value = FormText.decoded(text.replacing("+", with: "%2B")[...].utf8)
        else { throw .notFound("The path cannot be read.") }
        return value
    }

    public var maxUploadSize: Int { ServerLimits.standard.body }
}

/// From what a `WebContext` is made.
public struct WebRequestSource: RequestContextSource {
    public let logger: Logger
    public let principal: Principal
    public let entrance: Entrance
    public let time: Int64
    public let channel: any Channel
    public let origin: Origin
    let holds: @Sendable () async -> Bool

    public init(
        logger: Logger, principal: Principal, entrance: Entrance, time: Int64, channel: any Channel, origin: Origin,
        holds: @escaping @Sendable () async -> Bool = { true }
    ) {
        self.logger = logger
        self.principal = principal
        self.entrance = entrance
        self.time = time
        self.channel = channel
        self.origin = origin
        self.holds = holds
    }
}
