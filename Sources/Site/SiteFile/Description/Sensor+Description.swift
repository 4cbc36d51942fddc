extension SensorConfiguration {
    static let shape = Shape<SensorConfiguration>(
        read: { node, findings in
            guard let sensor = entry.read(node, &findings), let kind = sensor.kind else { return nil }
            return sensor.sensor(kind, node, &findings)
        },
        write: { entry.write(SensorEntry($0)) }, schema: entry.schema, noun: entry.noun)

    private static let entry = SensorEntry.table.shape("a sensor (id, chip, ...)")
}

extension SensorEntry {
    static let blank = SensorEntry()

    static let table = Record<SensorEntry>(
        blank,
        [
            .required(
                "id", \.id, Shapes.id, "For ever: histories are bound to it. The probe behind it may be swapped.",
                .plain),
            .optional(
                "name", \.name, Shapes.text(), "What people call it; may change. The id when left out.", .personal),
            .required("chip", \.requiredKind, Shapes.word("a chip that is known", Kind.self), "What is read.", .plain),
            .defaulted("interval", \.interval, Shapes.interval, of: blank, "How often it is read.", .plain),
            .defaulted(
                "enabled", \.isEnabled, Shapes.flag, of: blank, "false: not read, and its readings say so.", .plain),
            .defaulted(
                "calibration", \.calibration, Calibration.table.shape(), of: blank,
                "Applied to the first quantity: value x gain + offset.", .plain),
        ],
        variants: .init(
            key: "chip",
            fields: [
                (
                    "ds18b20",
                    [
                        .required(
                            "address", \.oneWire, oneWireAddress,
                            "Its 1-Wire address, as in /sys/bus/w1/devices: 28-0000075ff6b1.", .plain)
                    ]
                ),
                ("ads1115", i2c(0x48...0x4B, of: "an ADS1115") + analogue),
                ("aht20", i2c(0x38...0x38, of: "an AHT20")),
                ("aht10", i2c(0x38...0x39, of: "an AHT10")),
                ("bme280", i2c(0x76...0x77, of: "a BME280")),
                ("ina260", i2c(0x40...0x4F, of: "an INA260")),
                ("ina219", i2c(0x40...0x4F, of: "an INA219") + shunt),
                ("ina226", i2c(0x40...0x4F, of: "an INA226") + shunt),
            ]))

    private static func i2c(_ range: ClosedRange<UInt8>, of chip: String) -> [Field<SensorEntry>] {
        [
            .defaulted("bus", \.bus, Shapes.bus, of: blank, "I2C bus: 1 is /dev/i2c-1.", .plain),
            .required("address", \.address, Shapes.i2cAddress(range, of: chip), "Its 7-bit I2C address: 0x48.", .plain),
        ]
    }

    private static let analogue: [Field<SensorEntry>] = [
        .required(
            "input", \.requiredInput, Shapes.word("an input pair"), "Which pins are compared: AIN0-AIN3, AIN1-GND, ...",
            .plain),
        .required(
            "range", \.range, analogueRange, "Full scale in volts: 6.144, 4.096, 2.048, 1.024, 0.512 or 0.256.", .plain),
        .defaulted(
            "vdd", \.vdd, Shapes.number(2...5.5, "volts"), of: blank,
            "Supply voltage of the chip; an input survives 0.3 V more.", .plain),
        .optional(
            "scale", \.scale, Shapes.number(-1e9...1e9),
            "DC: volts at the pins times this is the value. 1 when left out.", .plain),
        .optional("unit", \.unit, unitSymbol, "DC: the unit of the scaled value. V when left out.", .plain),
        .optional(
            "clamp", \.clamp, CurrentClamp.table.shape(),
            "AC through a current clamp: RMS ampere, and VA with 'supply'.", .plain),
    ]

    private static let shunt: [Field<SensorEntry>] = [
        .required(
            "shunt", \.requiredShunt, Shapes.number(0...10, above: 0, "ohm"), "The shunt resistor in ohm: 0.1, 0.002.",
            .plain),
        .required(
            "max_current", \.requiredMaximum, Shapes.number(0...1000, above: 0, "ampere"),
            "The largest current that must be measured, in ampere.", .plain),
    ]

    /// The family code 28 and 48 bits of serial number.
    private static let oneWireAddress: Shape<String> = .scalar(
        "a 1-Wire address", schema: Shapes.string(pattern: "^28-[0-9a-f]{12}$"), write: { .text($0) }
    ) { text in
        let digits = text.dropFirst(3)
        if text.hasPrefix("28-"), digits.count == 12,
            digits.allSatisfy({ $0.isASCII && $0.isHexDigit && !$0.isUppercase })
        {
            return .success(text)
        }
        if text.lowercased() != text {
            return .failure(
                .init("'\(text.excerpt)' has capital letters", hint: "the kernel writes \(text.lowercased().excerpt)"))
        }
        return .failure(
            .init(
                "'\(text.excerpt)' is not the address of a DS18B20",
                hint: "28- and twelve hexadecimal digits: 28-0000075ff6b1"))
    }

    private static let analogueRange: Shape<Double> = Shapes.number(0...7).checked(
        schema: ["enum": .array(ranges.map { .number($0) })]
    ) { range in
        guard !ranges.contains(range) else { return nil }
        return ScalarFailure(
            "the ADS1115 has no range of \(DecimalText.text(range)) V",
            hint: "use \(ranges.map(DecimalText.text).joined(separator: ", "))")
    }

    static let ranges = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256]

    private static let unitSymbol: Shape<String> = .scalar(
        "a unit", schema: .object(["type": .string("string"), "minLength": .number(1), "maxLength": .number(12)]),
        write: { .text($0) }
    ) { text in
        guard text.count <= 12, text.allSatisfy({ !$0.isWhitespace && !"<>=!@\"'{}\\".contains($0) }) else {
            return .failure(
                .init("'\(text.excerpt)' is not a unit", hint: "a symbol of at most 12 letters: V, bar, L/min"))
        }
        return .success(text)
    }

    // Keys that must be given have a placeholder here until they are.

    private var requiredKind: Kind {
        get { kind ?? .ds18b20 }
        set { kind = newValue }
    }
    private var requiredInput: ADS1115Channel.Input {
        get { input ?? .ain0 }
        set { input = newValue }
    }
    private var requiredShunt: Double {
        get { shunt ?? 0 }
        set { shunt = newValue }
    }
    private var requiredMaximum: Double {
        get { maximum ?? 0 }
        set { maximum = newValue }
    }
}

extension Calibration {
    static let table = Record<Calibration>(
        Calibration(),
        [
            .defaulted("gain", \.gain, Shapes.number(-1e6...1e6), of: Calibration(), "Factor.", .plain),
            .defaulted(
                "offset", \.offset, Shapes.number(-1e6...1e6), of: Calibration(),
                "Added after the factor, in the sensor's unit.", .plain),
        ])
}

extension CurrentClamp {
    static let table = Record<CurrentClamp>(
        blank,
        [
            .required("turns", \.turns, Shapes.number(1...100_000), "Secondary turns per primary turn: 3000.", .plain),
            .required(
                "burden", \.burden, Shapes.number(0...100_000, above: 0, "ohm"), "Burden resistor in ohm.", .plain),
            .defaulted(
                "passes", \.passes, Shapes.number(1...100), of: blank,
                "How often the conductor passes through the core.", .plain),
            .optional(
                "supply", \.supply, Shapes.number(0...1000, above: 0, "volts"), "RMS volts of the circuit, for VA.",
                .plain),
        ])

    private static let blank = CurrentClamp(turns: 1, burden: 1)
}
