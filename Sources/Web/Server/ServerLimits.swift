public import NIOCore

/// What one client, and all of them together, may take of the unit.
public struct ServerLimits: Sendable {
    /// Bytes of a request line and its headers; more is 431 (RFC 6585, 5).
    public var head: Int = 16 * 1024
    public var headerCount: Int = 128
    /// Whether a request of HTTP/1.1 that names no host is refused (RFC 9112, 3.2).
    public var needsHost = true
    /// Bytes of a request body; more is 413.
    public var body: Int = 1024 * 1024
    /// Open connections over TCP; one more takes the place of the one that has been idle, or whose request has been
    /// arriving, for longest; when all are busy, it is told 503 and closed.
    public var connections: Int = 128
    /// Open connections at the control socket, counted apart, so that the network cannot lock out the technician.
    public var controlConnections: Int = 32
    /// From the first byte of a request, or from the start of a connection, to the end of the head.
    public var headTimeout: TimeAmount = .seconds(10)
    /// From the end of the head to the end of the body.
    public var bodyTimeout: TimeAmount = .seconds(60)
    /// After so long a request that is still arriving gives way to a newcomer when all places are taken.
    public var arrivalTime: TimeAmount = .seconds(2)
    /// Between two requests of one connection.
    public var idleTimeout: TimeAmount = .seconds(60)
    /// How long a client may take no byte of an answer that is waiting for it.
    public var stallTimeout: TimeAmount = .seconds(20)
    /// How long requests in progress may still take after the service was told to stop.
    public var shutdownTimeout: TimeAmount = .milliseconds(700)
    /// Live streams at one time.
    public var streams: Int = 32

    public init() {}

    public static let standard = ServerLimits()
}
