import Hardware
import Site

/// Where one relay's coil hangs, and how it stands.
struct CoilPort {
    /// A line of the board, or a pin of an expander.
    enum Place {
        case line(String)
        case pin(Expander, Int)
    }

    let relay: String
    let place: Place
    /// The level that gives the coil current.
    let active: RelayConfiguration.ActiveLevel
    let onCrash: RelayConfiguration.CrashBehavior
    /// The line once it is taken; nil for a pin.
    var line: (any OutputLine)?
    /// systemd has the line's descriptor, too.
    var isHeld = false
    /// What the coil was last told; a line that comes later begins with it.
    var wanted: Bool?
    /// What its line last took.
    var taken: Bool?

    /// Whether the end of this process changes nothing at it, and nothing is to change.
    var outlivesProcess: Bool {
        guard onCrash == .hold else { return false }
        return if case .line = place { isHeld } else { true }
    }

    /// Whether another configuration means the same copper.
    func isSame(as other: CoilPort) -> Bool {
        switch (place, other.place) {
        case (.line(let one), .line(let other)): one == other
        case (.pin(let one, let pin), .pin(let other, let otherPin)):
            one.location == other.location && pin == otherPin
        default: false
        }
    }

    /// The coil's current from the level at a pin, and the other way round.
    func coil(high: Bool) -> Bool { high == (active == .high) }

    func high(coil: Bool) -> Bool { coil == (active == .high) }
}
