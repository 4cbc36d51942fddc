/// `compatibility:` other products' interfaces, all off unless named.
public struct CompatibilityConfiguration: Hashable, Sendable {
    public var controlByWeb: ControlByWebConfiguration?
    public var modbus: ModbusConfiguration?
    public var snmp: SNMPConfiguration?

    public init(
        controlByWeb: ControlByWebConfiguration? = nil, modbus: ModbusConfiguration? = nil,
        snmp: SNMPConfiguration? = nil
    ) {
        self.controlByWeb = controlByWeb
        self.modbus = modbus
        self.snmp = snmp
    }
}
