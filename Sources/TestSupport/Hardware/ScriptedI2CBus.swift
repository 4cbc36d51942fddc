public import Hardware

/// An I2C bus that expects exactly the transfers of a script, in order.
///
/// Every other transfer is reported to the test and fails, so nothing that was not asked for happens unseen.
public final class ScriptedI2CBus: I2CBus {
    public struct Step: Sendable {
        let address: UInt8
        let write: [UInt8]
        let count: Int
        let answer: Result<[UInt8], HardwareError>

        /// A transfer that is answered with these bytes.
        public static func transfer(to address: UInt8, write: [UInt8], answer: [UInt8] = []) -> Step {
            Step(address: address, write: write, count: answer.count, answer: .success(answer))
        }

        /// A transfer that fails.
        public static func failure(to address: UInt8, write: [UInt8], read count: Int, _ error: HardwareError) -> Step {
            Step(address: address, write: write, count: count, answer: .failure(error))
        }

        /// A transfer that is answered with another number of bytes than was asked for.
        public static func short(to address: UInt8, write: [UInt8], read count: Int, answer: [UInt8]) -> Step {
            Step(address: address, write: write, count: count, answer: .success(answer))
        }
    }

    public let name = "scripted i2c"
    /// Time passes by waiting, and by this much per transfer.
    public private(set) var now = Duration.zero
    private let transferTime: Duration
    private let unscripted: (String) -> Void
    private var steps: [Step]

    /// - Parameters:
    ///   - unscripted: Told of each transfer that the script does not have; fails the test: `{ Issue.record("\($0)") }`.
    public init(_ steps: [Step], transferTime: Duration = .microseconds(300), unscripted: @escaping (String) -> Void) {
        self.steps = steps
        self.transferTime = transferTime
        self.unscripted = unscripted
    }

    /// What was expected and did not come.
    public var remaining: Int { steps.count }

    public func transfer(to address: UInt8, write: [UInt8], read count: Int) throws(HardwareError) -> [UInt8] {
        now += transferTime
        guard let step = steps.first, step.address == address, step.write == write, step.count == count else {
            let next = steps.first.map { "\($0.address): \($0.write), read \($0.count)" } ?? "the end"
            unscripted("unscripted transfer to \(address): \(write), read \(count); the script has \(next)")
            throw HardwareError(.busError, "unscripted")
        }
        steps.removeFirst()
        return try step.answer.get()
    }

    public func pause(for duration: Duration) { now += duration }
}
