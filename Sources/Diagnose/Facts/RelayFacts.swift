import Hardware
import Platform
public import Relays
import Site

/// How the relays stand, as their owner and the kernel say.
public struct RelayFacts: Hashable, Sendable {
    /// What the kernel says of a line that does not take what it is told.
    public enum Line: Hashable, Sendable {
        /// Nobody has it.
        case free
        /// Its owner's name, as `gpioinfo` shows it; empty for one that gave none.
        case taken(String)
        /// The kernel does not have it, with the reason.
        case absent(String)
    }

    /// What the owner of the lines says; nil while it does not answer.
    public var overview: RelayOverview?
    /// Why it does not answer, in a sentence.
    public var away: String?
    /// Of relays on the board whose line has failed, by the relay's id.
    public var failedLines: [String: Line]

    public init(overview: RelayOverview? = nil, away: String? = nil, failedLines: [String: Line] = [:]) {
        self.overview = overview
        self.away = away
        self.failedLines = failedLines
    }

    init(of subject: Subject) async throws {
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        guard !site.relays.isEmpty else { throw NotHere("the site file names no relay") }
        if subject.isSimulated { throw NotHere("the relays are simulated") }
        guard let door = subject.relays else { throw NotHere("this unit is not a service of the machine") }
        do {
            let overview = try await door.overview()
            self.init(overview: overview, failedLines: Self.failedLines(overview, site))
        } catch let failure as Failure {
            guard failure.code != "relay.notPermitted" else { throw NotHere(failure.message) }
            self.init(away: failure.message)
        } catch is DecodingError {
            self.init(away: "The owner of the relays' lines answers in another version's words.")
        }
    }

    private static func failedLines(_ overview: RelayOverview, _ site: SiteFile) -> [String: Line] {
        let failed = Set(overview.relays.filter { $0.line == .failed }.map(\.relay))
        let lines = LinuxLines()
        return site.relays.reduce(into: [:]) { found, relay in
            guard failed.contains(relay.id), case .line(let number) = relay.output else { return }
            do throws(HardwareError) {
                found[relay.id] = try lines.owner(of: "GPIO\(number)").map(Line.taken) ?? .free
            } catch {
                found[relay.id] = .absent(error.sentence)
            }
        }
    }

    /// How a relay stands; nil while that is not known.
    subscript(id: String) -> RelayStatus? { overview?.relays.first { $0.relay == id } }
}

extension Facts {
    /// Relays that give a neighbour its power.
    ///
    /// - Parameter neighbour: `router`, or a camera's id.
    func feeders(of neighbour: String) -> [RelayConfiguration] {
        guard let site = site.value else { return [] }
        return site.relays.filter { relay in
            // One across a button is off as long as nobody presses it.
            guard relay.watchdog.map({ $0.method == .cut }) ?? true else { return false }
            return switch relay.feeds {
            case .router: neighbour == "router"
            case .camera: neighbour != "router" && (site.network.cameras.count == 1 || relay.id == neighbour)
            case .other: false
            }
        }
    }

    /// Findings that would explain that a neighbour is not there: the relay that gives it power has taken it.
    func power(of neighbour: String) -> [Judgement.Deeper] {
        feeders(of: neighbour).map { .init("relays.power", $0.id) }
    }

    /// Whether schedule or rule have a neighbour without power now, so that nobody expects it to answer.
    func isOffOnPurpose(_ neighbour: String) -> Bool {
        feeders(of: neighbour).contains { relays.value?[$0.id]?.isOffOnPurpose == true }
    }
}

extension RelayStatus {
    /// Off, as the site file wants it at this moment.
    var isOffOnPurpose: Bool {
        guard line != .failed, state == .off, let last, last.to == .off else { return false }
        return last.cause.kind == .schedule || last.cause.kind == .rule
    }
}
