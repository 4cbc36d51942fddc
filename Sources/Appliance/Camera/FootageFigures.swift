public import NAS
import Synchronization

/// The newest look at the footage, for those who tell of it.
public final class FootageFigures: Sendable {
    public enum State: Hashable, Sendable {
        /// Nobody has looked yet.
        case unknown
        case noDrive
        /// It has not answered in time.
        case hung
        case seen(FootageSight)
    }

    private let newest = Mutex(State.unknown)

    public init() {}

    public var state: State { newest.withLock { $0 } }

    func put(_ state: State) { newest.withLock { $0 = state } }
}
