extension CompatibilityConfiguration {
    static let table = Record<CompatibilityConfiguration>(
        CompatibilityConfiguration(),
        [
            .optional(
                "controlbyweb", \.controlByWeb, ControlByWebConfiguration.table.shape(),
                "Scripts and clients of ControlByWeb boxes keep working.", .plain),
            .optional(
                "modbus", \.modbus, ModbusConfiguration.table.shape(),
                "Clients of ControlByWeb boxes that speak Modbus/TCP keep working.", .plain),
            .optional(
                "snmp", \.snmp, SNMPConfiguration.table.shape(), "Relays, inputs and sensors for network management.",
                .plain),
        ])
}
