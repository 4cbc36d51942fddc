import Glibc
import Platform
public import Relays
public import Site
import Synchronization

/// Makes the rounds of pings that a watchdog asks for.
public protocol Pinger: Sendable {
    /// Answers within seconds, whatever the network does.
    func round(_ question: PingQuestion) async -> PingRound
}

/// Pings over the machine's own network.
///
/// A host that has no address is not asked, which says nothing about the load; one whose name was known before is asked at
/// the address it had then, for a name server is often behind what the watchdog guards.
public final class NetworkPinger: Pinger {
    private let interface: String
    private let sockets = Blocking(name: "ping") { () }
    private let names = Blocking(name: "ping-names") { () }
    private let known = Mutex<[String: [UInt8]]>([:])

    private static let patience = Duration.seconds(3)

    /// - Parameter interface: Whose cable has to be there.
    public init(interface: String) { self.interface = interface }

    public func round(_ question: PingQuestion) async -> PingRound {
        await resolve(question.targets)
        let addresses = known.withLock { known in question.targets.map { IPAddress($0)?.bytes ?? known[$0] } }
        let asked = addresses.compactMap(\.self)
        let interface = interface
        let answers = try? await sockets.run(within: Self.patience + .seconds(2)) { _ in
            (try EchoRound(asked).run(within: Self.patience), LinkState(of: interface))
        }
        var outcomes = answers?.0[...] ?? []
        let told = zip(question.targets, addresses).map { target, address -> (String, PingRound.Outcome) in
            guard address != nil, let outcome = outcomes.popFirst() else { return (target, .notAsked) }
            return (target, outcome.told)
        }
        return PingRound(
            relay: question.relay, number: question.number, outcomes: Dictionary(told) { first, _ in first },
            hasCarrier: answers?.1.hasCarrier)
    }

    /// Looks names up anew; those that cannot be keep the address they had.
    private func resolve(_ targets: [String]) async {
        let hosts = targets.filter { IPAddress($0) == nil }
        guard !hosts.isEmpty else { return }
        let found = try? await names.run(within: Self.patience) { _ in
            hosts.map { ($0, HostLookup.addresses(of: $0).first) }
        }
        known.withLock { known in
            for (host, address) in found ?? [] where address != nil { known[host] = address }
        }
    }
}

extension EchoRound.Outcome {
    /// A network without a way there is as silent as one without an answer: both are what a dead router leaves.
    fileprivate var told: PingRound.Outcome {
        switch self {
        case .answered: .answered
        case .silent: .silent
        // Nothing that the load could do anything about: this machine has no such family, or may not ask.
        case .unsent(let number) where [EAFNOSUPPORT, EPROTONOSUPPORT, EACCES, EPERM].contains(number): .notAsked
        case .unsent: .silent
        }
    }
}

extension LinkState {
    fileprivate var hasCarrier: Bool? {
        switch self {
        case .up: true
        case .down: false
        case .absent: nil
        }
    }
}

/// The network of a simulation: everybody answers whose way there has power, and has had time to start up.
///
/// No packet leaves the machine.
public struct SimulatedPinger: Pinger {
    private let relays: [RelayConfiguration]
    private let cameras: Set<String>
    private let statuses: @Sendable () async -> [RelayStatus]
    private let now: @Sendable () -> Int64

    /// How long a router or a camera takes to start, in milliseconds.
    private static let start: Int64 = 20_000

    /// - Parameters:
    ///   - statuses: How the relays stand.
    ///   - now: Wall milliseconds.
    public init(
        _ site: SiteFile, statuses: @escaping @Sendable () async -> [RelayStatus], now: @escaping @Sendable () -> Int64
    ) {
        relays = site.relays
        cameras = Set(site.network.cameras.map { "\($0.address)" })
        self.statuses = statuses
        self.now = now
    }

    public func round(_ question: PingQuestion) async -> PingRound {
        let statuses = await statuses()
        let (now, relays) = (now(), relays)
        func isUp(_ load: RelayConfiguration.Load) -> Bool {
            relays.filter { $0.feeds == load }.allSatisfy { relay in
                guard let status = statuses.first(where: { $0.relay == relay.id }) else { return true }
                return status.state == .on && now - status.since.milliseconds >= Self.start
            }
        }
        let outcomes = question.targets.map { target -> (String, PingRound.Outcome) in
            (target, isUp(cameras.contains(target) ? .camera : .router) ? .answered : .silent)
        }
        return PingRound(
            relay: question.relay, number: question.number, outcomes: Dictionary(outcomes) { first, _ in first },
            hasCarrier: true)
    }
}
