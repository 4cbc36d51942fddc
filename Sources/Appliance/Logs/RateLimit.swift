/// How much one sender may send: so many lines a second for long, and ten minutes' worth of them at once.
///
/// A router that comes back after an outage tells it all in one burst, which is what logs are for; one that never stops
/// must not push the others' lines out.
struct RateLimit: Hashable {
    /// Lines a second.
    let rate: Double
    private let most: Double
    private var left: Double
    /// Milliseconds since boot.
    private var last: Int64

    static let burst = 600.0

    init(rate: Int, at time: Int64) {
        self.rate = Double(rate)
        most = Double(rate) * Self.burst
        left = most
        last = time
    }

    /// Whether one more line may be stored.
    mutating func take(at time: Int64) -> Bool {
        left = min(most, left + Double(max(0, time - last)) / 1000 * rate)
        last = max(last, time)
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
