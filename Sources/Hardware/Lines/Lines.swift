public import Platform

/// The GPIO lines of a board, by the names that people know them by: `GPIO17`.
///
/// A line is taken by one owner at a time, whoever asks second is told who has it.
public protocol Lines: Sendable {
    /// Takes a line as an output that has its first value from the first moment on.
    ///
    /// - Parameters:
    ///   - name: `GPIO17`.
    ///   - isActiveLow: Active is the low level.
    ///   - isActive: The first value.
    ///   - consumer: Who has it, for `gpioinfo`; the kernel keeps 31 bytes.
    /// - Throws: `HardwareError` `busError`: no such chip or line, no permission, or somebody else has it.
    func output(
        _ name: String, isActiveLow: Bool, isActive: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine

    /// Goes on with a line that an earlier process took as an output, by the descriptor that the kernel keeps it for.
    ///
    /// The level at the pin stays as it is, also when `isActiveLow` is another than it was taken with.
    ///
    /// - Throws: `HardwareError` `busError` when the descriptor is not that of this line; then it is closed.
    func adopt(
        _ descriptor: consuming Descriptor, as name: String, isActiveLow: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine

    /// Takes a line as an input that remembers its edges.
    ///
    /// - Throws: As `output`.
    func input(_ name: String, _ wiring: InputWiring, consumer: String) throws(HardwareError) -> any InputLine
}

/// A line that is driven.
///
/// Its calls do not block.
public protocol OutputLine: Sendable {
    /// For sentences: `GPIO17 of pinctrl-bcm2711`.
    var place: String { get }

    /// - Throws: `HardwareError` `notPresent` when its chip is gone, else `busError`.
    func set(_ isActive: Bool) throws(HardwareError)

    /// What the pin says now, which need not be what was set.
    func isActive() throws(HardwareError) -> Bool

    /// What the kernel keeps the line taken for, for `FDSTORE` of sd_notify(3); nil for a simulated one.
    ///
    /// It stays the line's.
    var descriptor: Int32? { get }
}

/// A line that is watched.
public protocol InputLine: Sendable {
    /// For sentences: `GPIO17 of pinctrl-bcm2711`.
    var place: String { get }

    func isActive() throws(HardwareError) -> Bool

    /// The edges since the last call, oldest first; waits for the first one. Blocks: call it on a thread of its own.
    ///
    /// - Parameter patience: How long it waits; then the answer is empty.
    func edges(within patience: Duration) throws(HardwareError) -> [LineEdge]
}

/// One change of an input, after debouncing.
public struct LineEdge: Hashable, Sendable {
    /// What the line has become.
    public let isActive: Bool
    /// When, on the kernel's monotonic clock (CLOCK_MONOTONIC).
    public let time: Duration
    /// Counts the line's edges from 1 on: a gap says how many the kernel had no room for.
    public let sequence: UInt32

    public init(isActive: Bool, time: Duration, sequence: UInt32) {
        self.isActive = isActive
        self.time = time
        self.sequence = sequence
    }
}

/// How a contact is wired to an input.
public struct InputWiring: Hashable, Sendable {
    /// The resistor inside the chip, a few ten kilohm.
    public enum Pull: String, Hashable, Sendable, CaseIterable {
        case up
        case down
        case none
    }

    /// Active is the low level: a contact to ground.
    public var isActiveLow: Bool
    public var pull: Pull
    /// How long a level must last to count, by the kernel; zero for every edge.
    public var debounce: Duration

    public init(isActiveLow: Bool = true, pull: Pull = .up, debounce: Duration = .milliseconds(20)) {
        self.isActiveLow = isActiveLow
        self.pull = pull
        self.debounce = debounce
    }
}

extension Lines {
    /// Lines that nobody keeps over the end of a process.
    public func adopt(
        _ descriptor: consuming Descriptor, as name: String, isActiveLow: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine {
        throw HardwareError(.busError, "\(name) is not kept")
    }
}
