import Site

/// One thing on the Site page: a sensor, a file system, an interface.
struct Tile: Hashable, Sendable {
    /// One value in it.
    struct Fact: Hashable, Sendable {
        enum Kind: String, Hashable, Sendable {
            case value
            /// A counter, shown as its change per second.
            case rate
            /// 0 or 1, shown as a word; a change alters the tile's state, so the page asks for it anew.
            case flag
        }
        var kind: Kind
        var reading: Reading
        /// A word after the value, `free`; empty where the tile's name says enough.
        var label: String
        /// nil when there is none to show.
        var figure: Figure?
    }

    struct State: Hashable, Sendable {
        enum Level: String, Hashable, Sendable, Comparable {
            case ok
            case off
            case attention
            case failed

            private var rank: Int {
                switch self {
                case .ok: 0
                case .off: 1
                case .attention: 2
                case .failed: 3
                }
            }
            static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
        }
        var level: Level
        /// `ok`, `link down`, `sensor not present, 4 min`.
        var words: String
    }

    struct Range: Hashable, Sendable {
        var low: Double
        var high: Double
        var unit: String

        /// `18.2 to 31.9 °C`; both units when they differ.
        var text: String {
            let (first, second) = (Figure(low, unit: unit), Figure(high, unit: unit))
            return (first.unit == second.unit ? first.number : first.text) + " to " + second.text
        }
    }

    var name: String
    var group: TileGroup
    /// The first is the large one.
    var facts: [Fact]
    var state: State
    /// The last value, when there is none now: `last 21.4 °C at 14:02`.
    var lastKnown: String?
    var line: HTML?
    /// Least and greatest of the last 24 h, the present value among them.
    var range: Range?
    /// Milliseconds between readings.
    var interval: Int64
    /// Where it leads; nil for the history of its large value.
    var address: String?

    var main: Fact? { facts.first }
    var isSimulated: Bool { facts.contains { $0.reading.metric.isSimulated } }
    /// Age of the large value in milliseconds.
    func age(now: Int64) -> Int64 { main.map { now - $0.reading.time.wall } ?? 0 }
    /// True when the value is older than two intervals.
    func isLate(now: Int64) -> Bool { age(now: now) > 2 * interval }
}
