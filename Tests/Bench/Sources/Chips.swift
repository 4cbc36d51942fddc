/// A voltage over time at an analogue input.
public enum Signal: Sendable {
    case dc(volts: Double)
    case ramp(from: Double, perSecond: Double)
    /// Mains through a current clamp; `offset` is the bias.
    case sine(rms: Double, hertz: Double, offset: Double = 0)
    /// What a switch-mode supply draws: 2.2 ms around each crest.
    case switchMode(rms: Double, hertz: Double, offset: Double = 0)

    fileprivate var command: String {
        func whole(_ value: Double, _ factor: Double) -> Int { Int((value * factor).rounded()) }
        return switch self {
        case .dc(let volts): "dc \(whole(volts, 1e6))"
        case .ramp(let start, let slope): "ramp \(whole(start, 1e6)) \(whole(slope, 1e6))"
        case .sine(let rms, let hertz, let offset): "sine \(whole(rms, 1e6)) \(whole(hertz, 1e3)) \(whole(offset, 1e6))"
        case .switchMode(let rms, let hertz, let offset):
            "pulse \(whole(rms, 1e6)) \(whole(hertz, 1e3)) \(whole(offset, 1e6))"
        }
    }
}

/// Four inputs, 16 bits, with a sampling clock of its own.
public struct SimulatedADS1115: SimulatedChip {
    public static let name = "ads1115"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }

    public func set(_ input: Int, _ signal: Signal) async throws {
        try await connection.bench.run("echo \(signal.command) > \(connection.folder)/ain\(input)")
    }

    /// Evenly spread noise, to both sides.
    public func noise(volts: Double) async throws { try await connection.set("noise", volts * 1e6) }

    /// How much longer than said each conversion takes; the datasheet allows ±10 %.
    public func clockError(percent: Double) async throws { try await connection.set("clock_error", percent * 10) }

    public func conversions() async throws -> Int {
        Int(try await connection.bench.run("cat \(connection.folder)/conversions")) ?? -1
    }
}

/// DC voltage, current and power with a built-in shunt.
public struct SimulatedINA260: SimulatedChip {
    public static let name = "ina260"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }

    public func set(volts: Double, amperes: Double) async throws {
        try await connection.set("bus_voltage", volts * 1e6)
        try await connection.set("bus_current", amperes * 1e6)
    }
}

/// DC power monitors with a shunt outside.
public protocol ShuntMonitor: SimulatedChip {}

public struct SimulatedINA219: ShuntMonitor {
    public static let name = "ina219"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }
}

public struct SimulatedINA226: ShuntMonitor {
    public static let name = "ina226"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }
}

extension ShuntMonitor {
    public func set(volts: Double, amperes: Double, shunt ohms: Double) async throws {
        try await connection.set("bus_voltage", volts * 1e6)
        try await connection.set("shunt_voltage", amperes * ohms * 1e9)
    }
}

/// Temperature and relative humidity.
public struct SimulatedAHT20: SimulatedChip {
    public static let name = "aht20"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }

    public func set(celsius: Double, percent: Double) async throws {
        try await connection.set("temperature", celsius * 1000)
        try await connection.set("humidity", percent * 1000)
    }
}

/// Temperature, relative humidity and air pressure.
public struct SimulatedBME280: SimulatedChip {
    public static let name = "bme280"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }

    public func set(celsius: Double, percent: Double, pascal: Double) async throws {
        try await connection.set("temperature", celsius * 1000)
        try await connection.set("humidity", percent * 1000)
        try await connection.set("pressure", pascal)
    }
}

/// Sixteen lines for relays and contacts.
public struct SimulatedMCP23017: SimulatedChip {
    public static let name = "mcp23017"
    public let connection: ChipConnection

    public init(connection: ChipConnection) { self.connection = connection }

    /// The levels that the outside puts on the lines, GPA0 in bit 0.
    public func set(inputs: UInt16) async throws { try await connection.set("inputs", Double(inputs)) }

    /// The lines that are outputs and high.
    public func outputs() async throws -> UInt16 {
        let text = try await connection.bench.run("cat \(connection.folder)/outputs")
        return UInt16(text.dropFirst(2), radix: 16) ?? 0
    }

    /// The folder of its attributes, `outputs` among them.
    public var path: String { connection.folder }

    /// How often a driven line has changed its level.
    public func changes() async throws -> Int {
        Int(try await connection.bench.run("cat \(connection.folder)/changes")) ?? -1
    }
}
