public import Platform
import Synchronization

/// The buses of this machine, each on a thread of its own, made when first asked for.
public final class Buses: Sendable {
    /// True when no real device is behind them.
    public let isSimulated: Bool
    private let findI2C: @Sendable () -> [Int]
    private let makeI2C: @Sendable (Int) -> any I2CBus
    private let makeOneWire: @Sendable () -> any OneWireBus
    private let made = Mutex(Made())

    private struct Made {
        var i2c: [Int: Blocking<any I2CBus>] = [:]
        var oneWire: Blocking<any OneWireBus>?
    }

    /// - Parameters:
    ///   - i2cNumbers: Finds the I2C buses that are there.
    ///   - i2c: Makes the bus of a number.
    ///   - oneWire: Makes the 1-Wire bus; all bus masters of the kernel are one.
    public init(
        isSimulated: Bool, i2cNumbers: @escaping @Sendable () -> [Int] = { [] },
        i2c: @escaping @Sendable (Int) -> any I2CBus, oneWire: @escaping @Sendable () -> any OneWireBus
    ) {
        self.isSimulated = isSimulated
        findI2C = i2cNumbers
        makeI2C = i2c
        makeOneWire = oneWire
    }

    /// The kernel's buses.
    ///
    /// - Parameters:
    ///   - dev: The device folder.
    ///   - sys: Where sysfs is mounted.
    public static func linux(dev: String = "/dev", sys: String = "/sys") -> Buses {
        Buses(
            isSimulated: false,
            i2cNumbers: {
                let names = (try? SmallFile.names(in: dev)) ?? []
                return names.compactMap { $0.hasPrefix("i2c-") ? Int($0.dropFirst(4)) : nil }.sorted()
            },
            i2c: { LinuxI2CBus(number: $0, dev: dev, sys: sys) }, oneWire: { LinuxOneWireBus(sys: sys) })
    }

    /// The numbers of the I2C buses that are there now.
    public var i2cNumbers: [Int] { findI2C() }

    /// The I2C bus of a number: 1 is `/dev/i2c-1`.
    public func i2c(_ number: Int) -> Blocking<any I2CBus> {
        made.withLock { made in
            if let bus = made.i2c[number] { return bus }
            let bus = Blocking(name: "i2c-\(number)") { makeI2C(number) }
            made.i2c[number] = bus
            return bus
        }
    }

    public var oneWire: Blocking<any OneWireBus> {
        made.withLock { made in
            if let bus = made.oneWire { return bus }
            let bus = Blocking(name: "one-wire") { makeOneWire() }
            made.oneWire = bus
            return bus
        }
    }
}
