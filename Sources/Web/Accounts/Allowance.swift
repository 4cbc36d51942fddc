/// How many attempts somebody has left: some at once, and one more after each of equal times.
struct Allowance: Hashable, Sendable {
    /// The most that can be left.
    let most: Int
    /// Milliseconds after which one comes back.
    let interval: Int64

    /// When all of them are back, in milliseconds on the clock of the caller.
    private(set) var whole: Int64 = 0

    init(most: Int, interval: Int64) {
        self.most = most
        self.interval = interval
    }

    /// Milliseconds until there is one left; 0 when there is.
    func wait(at time: Int64) -> Int64 { max(0, whole - Int64(most - 1) * interval - time) }

    /// Takes one.
    mutating func take(at time: Int64) { whole = max(whole, time) + interval }

    /// Gives one back.
    mutating func giveBack() { whole -= interval }

    /// Whether nothing is missing, so that it need not be kept.
    func isWhole(at time: Int64) -> Bool { whole <= time }
}
