/// The rules that keep a far site safe, each by itself.
///
/// The product has all of them, always. That a test may leave one out shows that the others do not hide its absence:
/// docs/relays.md names for each the invariant that breaks.
package struct RelayGuards: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static let minimumOn = Self(rawValue: 1 << 0)
    package static let minimumOff = Self(rawValue: 1 << 1)
    package static let cyclesPerHour = Self(rawValue: 1 << 2)
    package static let cyclesPerDay = Self(rawValue: 1 << 3)
    /// No load is switched off for a while that could not be switched on again after it.
    package static let cycleReserve = Self(rawValue: 1 << 4)
    package static let exclusion = Self(rawValue: 1 << 5)
    package static let breakGap = Self(rawValue: 1 << 6)
    package static let overrideHolds = Self(rawValue: 1 << 7)
    package static let overrideEnds = Self(rawValue: 1 << 8)
    package static let pulseEnds = Self(rawValue: 1 << 9)
    package static let pulseExtends = Self(rawValue: 1 << 10)
    package static let commandEndsPulse = Self(rawValue: 1 << 11)
    package static let pulseLengths = Self(rawValue: 1 << 12)
    package static let noteFirst = Self(rawValue: 1 << 13)
    /// A note that the card does not take in time is given up.
    package static let noteDeadline = Self(rawValue: 1 << 14)
    /// What goes in the safe direction waits for no note.
    package static let safeFirst = Self(rawValue: 1 << 15)
    package static let restore = Self(rawValue: 1 << 16)
    package static let trustedClock = Self(rawValue: 1 << 17)
    package static let ownCable = Self(rawValue: 1 << 18)
    package static let witnesses = Self(rawValue: 1 << 19)
    package static let failuresInRow = Self(rawValue: 1 << 20)
    package static let startDelay = Self(rawValue: 1 << 21)
    package static let backOff = Self(rawValue: 1 << 22)
    package static let perDay = Self(rawValue: 1 << 23)
    package static let attempts = Self(rawValue: 1 << 24)
    package static let thenEvery = Self(rawValue: 1 << 25)
    package static let restartEnds = Self(rawValue: 1 << 26)
    package static let rearmOnSuccess = Self(rawValue: 1 << 27)
    package static let idempotency = Self(rawValue: 1 << 28)
    package static let expectedState = Self(rawValue: 1 << 29)
    package static let bootState = Self(rawValue: 1 << 30)
    package static let crashState = Self(rawValue: 1 << 31)
    /// What was remembered holds after a start.
    package static let memory = Self(rawValue: 1 << 32)
    package static let lineRetry = Self(rawValue: 1 << 33)
    /// A change that was noted and has no result is not taken for done.
    package static let interrupted = Self(rawValue: 1 << 34)

    package static let all = Self(rawValue: 1 << 35 - 1)
}
