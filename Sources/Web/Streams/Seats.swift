import Synchronization

/// So many may do something at one time; each gives its place back once, also when it never begins.
public final class Seats: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    public init(_ limit: Int) { self.limit = limit }

    /// How many are taken.
    public var count: Int { taken.withLock { $0 } }

    /// nil when all are taken.
    public func take() -> Seat? {
        let isTaken = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        return isTaken ? Seat(self) : nil
    }

    /// One place.
    public final class Seat: Sendable {
        private let seats: Seats
        private let isTaken = Mutex(true)

        fileprivate init(_ seats: Seats) { self.seats = seats }

        public func leave() {
            let wasTaken = isTaken.withLock { taken in
                defer { taken = false }
                return taken
            }
            if wasTaken { seats.taken.withLock { $0 -= 1 } }
        }

        deinit { leave() }
    }
}
