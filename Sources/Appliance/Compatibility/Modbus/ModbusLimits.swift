/// How much time and room clients get.
public struct ModbusLimits: Sendable {
    /// How many are served at once, as the boxes do.
    public var clients = 2
    /// How long one may be silent, as the boxes have it.
    public var idle = Duration.seconds(50)
    /// How long a frame may take from its first byte to its last.
    public var frame = Duration.seconds(5)
    /// How long clients wait for an answer, and a write for its turn.
    public var answer = Duration.seconds(2)
    /// After which silence a connection gives its place to a new one of the same address, where none is free.
    public var yields = Duration.seconds(10)

    public init() {}
}
