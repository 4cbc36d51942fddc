extension Bench {
    /// The I2C bus of the header, `/dev/i2c-1`.
    public nonisolated var i2c: I2C { I2C(bench: self) }
}

/// An I2C adapter under the kernel's own core; its errors are those of a Raspberry Pi's.
public struct I2C: Sendable {
    let bench: Bench
    private let folder = "/sys/kernel/config/sitesim/i2c/1"

    /// Connects a chip.
    public func plug<Chip: SimulatedChip>(_ chip: Chip.Type, at address: UInt8) async throws -> Chip {
        let name = "\(chip.name)@\(String(address, radix: 16))"
        try await bench.run("mkdir \(folder)/\(name)")
        return Chip(connection: ChipConnection(bench: bench, folder: "\(folder)/\(name)", address: address))
    }

    /// True: something holds the clock low, and every transfer of the bus times out.
    public func stick(_ isStuck: Bool) async throws { try await bench.run("echo \(isStuck ? 1 : 0) > \(folder)/stuck") }

    /// The clock of the bus; 100 kHz when nobody says otherwise, as on a Raspberry Pi.
    public func bitrate(hertz: Int) async throws { try await bench.run("echo \(hertz) > \(folder)/bitrate") }

    /// Removes the bus, as if it were not switched on in config.txt.
    public func remove() async throws {
        try await bench.run("for d in \(folder)/*@*; do [ ! -d $d ] || rmdir $d; done; rmdir \(folder)")
    }
}

/// Where a simulated chip is found.
public struct ChipConnection: Sendable {
    let bench: Bench
    let folder: String
    let address: UInt8

    func set(_ attribute: String, _ value: Double) async throws {
        try await bench.run("echo \(Int(value.rounded())) > \(folder)/\(attribute)")
    }
}

/// A chip at register level, made by the kernel module sitesim.
public protocol SimulatedChip: Sendable {
    /// Its name there.
    static var name: String { get }
    var connection: ChipConnection { get }
    init(connection: ChipConnection)
}

/// What can be wrong with any chip.
public enum ChipFault: String, Sendable, CaseIterable {
    case none
    /// It does not acknowledge its address.
    case nack
    /// It holds the clock until the adapter gives up, after a second.
    case timeout
    /// It never finishes a measurement.
    case busy
    /// One bit of every answer is wrong.
    case flip
}

extension SimulatedChip {
    public func fault(_ fault: ChipFault) async throws {
        try await connection.bench.run("echo \(fault.rawValue) > \(connection.folder)/fault")
    }

    /// Its supply drops out for a moment: all registers as after power-on.
    public func powerCycle() async throws {
        try await connection.bench.run("echo 1 > \(connection.folder)/power_cycle")
    }

    public func unplug() async throws { try await connection.bench.run("rmdir \(connection.folder)") }

    /// How many messages it has taken part in.
    public func transfers() async throws -> Int {
        Int(try await connection.bench.run("cat \(connection.folder)/transfers")) ?? -1
    }

    /// Binds a kernel driver to it, so that no other program can have it.
    public func bindDriver(_ module: String) async throws {
        let device = "/sys/bus/i2c/devices/i2c-1/new_device"
        try await connection.bench.run(
            "modprobe \(module) && echo \(Self.name) 0x\(String(connection.address, radix: 16)) > \(device)")
    }
}
