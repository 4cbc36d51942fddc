/// `compatibility:` other products' interfaces, all off unless named.
public struct CompatibilityConfiguration: Hashable, Sendable {
    public var controlByWeb: ControlByWebConfiguration?
    public var modbus: ModbusConfiguration?

    public init(controlByWeb: ControlByWebConfiguration? = nil, modbus: ModbusConfiguration? = nil) {
        self.controlByWeb = controlByWeb
        self.modbus = modbus
    }
}
