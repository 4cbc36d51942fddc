/// One entry of `inputs:` a contact or a signal at a GPIO line.
///
/// `on` means that the contact is closed or the signal there, whatever the level.
public struct InputConfiguration: Hashable, Sendable {
    /// The level at the pin that means `on`.
    public enum ActiveLevel: String, Hashable, Sendable, CaseIterable {
        case high
        /// A contact that closes to ground.
        case low
    }

    /// The resistor of the chip that holds the line while nothing drives it.
    public enum Bias: String, Hashable, Sendable, CaseIterable {
        case up
        case down
        /// The board has one of its own.
        case none
    }

    public var id: String
    public var name: String
    /// BCM number: 23 is `GPIO23`.
    public var line: Int
    public var active: ActiveLevel
    public var bias: Bias
    /// A level counts once it has stayed so long; zero for every edge.
    public var debounce: Duration
    /// Whether it is counted how often it came on.
    public var counts: Bool
    /// Whether it is measured how long it has been on in all.
    public var timesOn: Bool
    /// How often its state is read besides each change.
    public var interval: Duration

    public init(
        id: String, name: String? = nil, line: Int, active: ActiveLevel = .low, bias: Bias = .up,
        debounce: Duration = .milliseconds(20), counts: Bool = true, timesOn: Bool = true,
        interval: Duration = .seconds(10)
    ) {
        self.id = id
        self.name = name ?? id
        self.line = line
        self.active = active
        self.bias = bias
        self.debounce = debounce
        self.counts = counts
        self.timesOn = timesOn
        self.interval = interval
    }
}
