/// The answers of the addresses of one I2C bus; ends early when the bus itself is at fault.
public struct I2CScan: Sendable {
    /// An address at which somebody answers, or something is wrong.
    public struct Found: Hashable, Sendable {
        public let address: UInt8
        public let answer: AddressAnswer
    }

    public private(set) var found: [Found] = []
    /// Why nothing can be said of this bus.
    public private(set) var fault: HardwareError?

    private let busName: String
    private var failures = 0
    private var answersInARow = 0

    /// - Parameter busName: For sentences: `/dev/i2c-1`.
    public init(busName: String) { self.busName = busName }

    /// Takes the next address' answer; false when there is no sense in asking further.
    public mutating func take(_ answer: AddressAnswer, at address: UInt8) -> Bool {
        if case .failure(let error) = answer {
            failures += 1
            // One chip can be at fault at its own address; two in a row are the bus.
            if failures == 2 {
                fault = error.kind == .timeout ? stuck : error
                found = []
                return false
            }
        } else {
            failures = 0
        }
        if case .chip = answer { answersInARow += 1 } else { answersInARow = 0 }
        if answersInARow == Self.phantoms {
            fault = HardwareError(
                .busError,
                "every address of \(busName) answers, so nobody does: SDA is held low; check it for a short to ground")
            found = []
            return false
        }
        if answer != .nothing { found.append(Found(address: address, answer: answer)) }
        return true
    }

    /// No board has so many chips at addresses in a row.
    private static let phantoms = 16

    private var stuck: HardwareError {
        HardwareError(
            .timeout,
            """
            \(busName) is stuck: no transfer ends. A chip holds the clock line, or SDA or SCL has a short: unplug the \
            chips one after the other
            """)
    }
}
