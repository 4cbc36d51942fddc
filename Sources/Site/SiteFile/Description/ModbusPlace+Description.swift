extension ModbusPlace {
    static let table = Record<ModbusPlace>(
        ModbusPlace(at: 0),
        [
            .required(
                "at", \.at, Shapes.integer(0...65_535, "an address", mayBeHexadecimal: true),
                "The address as it stands in a request, counted from 0, or 0x200; a number takes the next one, too.",
                .plain),
            .optional("relay", \.relay, Shapes.id, "A relay: its coil.", .plain),
            .optional("pulse", \.pulse, Shapes.id, "A relay: the seconds of its pulse are written here.", .plain),
            .optional("input", \.input, Shapes.id, "An input: its state.", .plain),
            .optional("count", \.count, Shapes.id, "An input: how often it came on.", .plain),
            .optional(
                "value", \.value, Shapes.measurement, "A sensor, or one quantity of it: battery.voltage.", .plain),
            .optional(
                "register", \.register, Shapes.id,
                "A number that clients set and read, of compatibility.controlbyweb.registers.", .plain),
        ])
}
