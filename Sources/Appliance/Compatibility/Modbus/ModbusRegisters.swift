import Web

/// Numbers that clients set and read: one store of them, whichever way they come in.
public struct ModbusRegisters: Sendable {
    /// By its id; nil for one that is not there.
    let value: @Sendable (String) -> Double?
    /// False when it is not there.
    let set: @Sendable (String, Double, Origin) async -> Bool
}
