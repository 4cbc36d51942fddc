/// Who may try to log in, and when: so seldom that guessing is hopeless, and never so that the owner is locked out.
///
/// Each address has ten attempts and gets one back every six minutes: 20 in the first hour. Each account has thirty, from
/// wherever, and gets one back every two minutes. An account and an address from which it has logged in before have ten of
/// their own and need none of those: neither who guesses elsewhere nor a colleague behind the same address keeps its
/// owner out.
///
/// Times are monotonic milliseconds: setting the clock gives nobody an attempt.
struct LoginThrottle: Sendable {
    /// Whether an attempt is looked at.
    enum Decision: Hashable, Sendable {
        case admit
        /// Seconds until it is worth trying again.
        case wait(seconds: Int)
    }

    /// An account, and an address from which it has logged in.
    private struct Place: Hashable {
        let account: String
        let network: LoginNetwork
    }

    private struct Visits {
        var last: Int64
        var own = LoginThrottle.ofOneAddress
    }

    private var networks: [LoginNetwork: Allowance] = [:]
    private var accounts: [String: Allowance] = [:]
    private var known: [Place: Visits] = [:]

    private static let ofOneAddress = Allowance(most: 10, interval: 360_000)
    private static let ofOneAccount = Allowance(most: 30, interval: 120_000)

    /// So many are remembered of each; of more, those go that have most left.
    static let most = 4096

    /// Decides, and counts the attempt when it is admitted.
    ///
    /// - Parameter account: As whom; nil where there is nothing to guess that many places could share, as with a token.
    mutating func attempt(account: String?, from network: LoginNetwork, at time: Int64) -> Decision {
        if let place = place(account, network), var visits = known[place] {
            let wait = visits.own.wait(at: time)
            guard wait == 0 else { return Self.come(back: wait) }
            visits.own.take(at: time)
            known[place] = visits
            return .admit
        }
        var own = networks[network] ?? Self.ofOneAddress
        var shared = account.map { accounts[$0] ?? Self.ofOneAccount }
        let wait = max(own.wait(at: time), shared?.wait(at: time) ?? 0)
        guard wait == 0 else { return Self.come(back: wait) }
        own.take(at: time)
        Self.set(own, of: network, in: &networks, at: time)
        if let account {
            shared?.take(at: time)
            Self.set(shared ?? Self.ofOneAccount, of: account, in: &accounts, at: time)
        }
        return .admit
    }

    /// Takes an attempt back that was not looked at.
    mutating func takeBack(account: String?, from network: LoginNetwork) {
        if let place = place(account, network), known[place] != nil {
            known[place]?.own.giveBack()
        } else {
            networks[network]?.giveBack()
            if let account { accounts[account]?.giveBack() }
        }
    }

    /// Notes from where an account is, or has been, signed in.
    mutating func remember(account: String, from network: LoginNetwork, at time: Int64) {
        known[Place(account: account, network: network), default: Visits(last: time)].last = time
        while known.count > Self.most, let oldest = known.min(by: { $0.value.last < $1.value.last }) {
            known[oldest.key] = nil
        }
    }

    /// Notes that the attempt was right: it costs nothing.
    mutating func succeeded(account: String, from network: LoginNetwork, at time: Int64) {
        takeBack(account: account, from: network)
        remember(account: account, from: network, at: time)
    }

    private func place(_ account: String?, _ network: LoginNetwork) -> Place? {
        account.map { Place(account: $0, network: network) }
    }

    private static func come(back wait: Int64) -> Decision { .wait(seconds: Int((wait + 999) / 1000)) }

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
