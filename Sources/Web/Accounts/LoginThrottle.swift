/// Who may try to log in, and when: so seldom that guessing is hopeless, and never so that the owner is locked out.
///
/// Each address has ten attempts and gets one back every six minutes: 20 in the first hour. Each account has thirty, from
/// wherever, and gets one back every two minutes; an address from which that account has logged in before needs none of
/// these, so that nobody who guesses keeps its owner out.
///
/// Times are monotonic milliseconds: setting the clock gives nobody an attempt.
struct LoginThrottle: Sendable {
    /// Whether an attempt is looked at.
    enum Decision: Hashable, Sendable {
        case admit
        /// Seconds until it is worth trying again.
        case wait(seconds: Int)
    }

    private struct Known: Hashable {
        let account: String
        let network: LoginNetwork
    }

    private var networks: [LoginNetwork: Allowance] = [:]
    private var accounts: [String: Allowance] = [:]
    /// From where an account has logged in, and when last.
    private var known: [Known: Int64] = [:]

    /// So many are remembered of each; of more, those go that have most left.
    static let most = 4096

    /// Decides, and counts the attempt when it is admitted.
    ///
    /// - Parameter account: As whom; nil where there is nothing to guess that many places could share, as with a token.
    mutating func attempt(account: String?, from network: LoginNetwork, at time: Int64) -> Decision {
        var own = networks[network] ?? Allowance(most: 10, interval: 360_000)
        guard let account else {
            let wait = own.wait(at: time)
            guard wait == 0 else { return .wait(seconds: Int((wait + 999) / 1000)) }
            own.take(at: time)
            Self.set(own, of: network, in: &networks, at: time)
            return .admit
        }
        var shared = accounts[account] ?? Allowance(most: 30, interval: 120_000)
        let isKnown = known[Known(account: account, network: network)] != nil
        let wait = max(own.wait(at: time), isKnown ? 0 : shared.wait(at: time))
        guard wait == 0 else { return .wait(seconds: Int((wait + 999) / 1000)) }
        own.take(at: time)
        if !isKnown { shared.take(at: time) }
        Self.set(own, of: network, in: &networks, at: time)
        Self.set(shared, of: account, in: &accounts, at: time)
        return .admit
    }

    /// Takes an attempt back that was not looked at.
    mutating func takeBack(account: String?, from network: LoginNetwork) {
        networks[network]?.giveBack()
        if let account, known[Known(account: account, network: network)] == nil { accounts[account]?.giveBack() }
    }

    /// Notes from where an account has logged in before.
    mutating func remember(account: String, from network: LoginNetwork, at time: Int64) {
        known[Known(account: account, network: network)] = time
    }

    /// Notes that the attempt was right: it costs nothing.
    mutating func succeeded(account: String, from network: LoginNetwork, at time: Int64) {
        let place = Known(account: account, network: network)
        networks[network]?.giveBack()
        if known[place] == nil { accounts[account]?.giveBack() }
        known[place] = time
        while known.count > Self.most, let oldest = known.min(by: { $0.value < $1.value }) { known[oldest.key] = nil }
    }

    private static func set<Key: Hashable>(
        _ allowance: Allowance, of key: Key, in table: inout [Key: Allowance], at time: Int64
    ) {
        table[key] = allowance
        guard table.count > most else { return }
        table = table.filter { !$0.value.isWhole(at: time) }
        while table.count > most, let least = table.min(by: { $0.value.whole < $1.value.whole }) {
            table[least.key] = nil
        }
    }
}

/// Where a login comes from: an IPv4 address, or the /64 of an IPv6 address, of which one client has them all.
struct LoginNetwork: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ address: IPAddress) {
        bytes = address.isVersion6 ? Array(address.bytes.prefix(8)) : address.bytes
    }
}
