extension Bench {
    /// The 1-Wire bus at GPIO4.
    public nonisolated var oneWire: OneWire { OneWire(bench: self) }
}

/// A 1-Wire bus under the kernel's own w1 core and thermometer driver.
public struct OneWire: Sendable {
    let bench: Bench
    private let folder = "/sys/kernel/config/sitesim/w1/gpio4"

    /// What the wire itself does.
    public enum Line: String, Sendable {
        case ok
        /// Shorted to ground.
        case short
        /// Broken before the first sensor.
        case open
    }

    public func line(_ line: Line) async throws { try await bench.run("echo \(line.rawValue) > \(folder)/line") }

    /// Plugs in a DS18B20 and waits until the kernel has found it.
    @discardableResult
    public func plug(_ address: String, celsius: Double) async throws -> Thermometer {
        let thermometer = try await plugUnseen(address, celsius: celsius)
        try await search()
        return thermometer
    }

    /// Plugs in a DS18B20; the kernel finds it at its next search, within ten seconds.
    public func plugUnseen(_ address: String, celsius: Double) async throws -> Thermometer {
        let thermometer = Thermometer(bench: bench, address: address, folder: "\(folder)/\(address)")
        try await bench.run("mkdir \(folder)/\(address)")
        try await thermometer.set(celsius: celsius)
        return thermometer
    }

    /// Lets the kernel search the bus now, and waits until it has every sensor that is plugged in.
    public func search() async throws {
        try await bench.run(
            """
            w1=/sys/bus/w1/devices
            for d in \(folder)/28-*; do [ -d $d ] || continue
              n=0; until [ -e $w1/${d##*/}/w1_slave ]; do
                n=$((n + 1)); [ $n -lt 100 ] || exit 1
                echo -1 > $(echo $w1/w1_bus_master*/w1_master_search); sleep 0.1
              done
            done
            """)
    }

    /// Removes the bus, as if the overlay were missing in config.txt.
    public func remove() async throws {
        try await bench.run("for d in \(folder)/28-*; do [ ! -d $d ] || rmdir $d; done; rmdir \(folder)")
    }
}

/// A simulated DS18B20.
public struct Thermometer: Sendable {
    let bench: Bench
    public let address: String
    let folder: String

    public enum Fault: String, Sendable, CaseIterable {
        case none
        /// The scratchpad arrives with a wrong checksum.
        case crc
        /// It takes part in nothing, as if its wire were off.
        case mute
        /// It answers its address, then all bits are high.
        case ones
        /// It answers its address, then all bits are low; their checksum is right.
        case zeros
        /// It loses its power during each conversion: 85 °C.
        case powerOn = "power-on"
        /// Its conversion never ends.
        case stuck
    }

    public func set(celsius: Double) async throws {
        try await bench.run("echo \(Int((celsius * 1000).rounded())) > \(folder)/temperature")
    }

    public func fault(_ fault: Fault) async throws { try await bench.run("echo \(fault.rawValue) > \(folder)/fault") }

    /// Pulls it off the bus.
    public func unplug() async throws { try await bench.run("rmdir \(folder)") }

    /// How often it was asked to measure.
    public func conversions() async throws -> Int { Int(try await bench.run("cat \(folder)/conversions")) ?? -1 }
}
