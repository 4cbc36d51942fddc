/// One thing about a unit's boot that is not as it should be, and where.
public struct BootFinding: Hashable, Sendable, Encodable {
    public enum Severity: String, Hashable, Sendable, Codable {
        /// The unit does not, or will not, do what its site file says.
        case error
        /// It works, and not as the writer of the line thinks.
        case warning
    }

    /// `boot.what`; never changed once released.
    public var code: String
    public var severity: Severity
    /// One sentence.
    public var message: String
    /// What to do, shown after `Try:`.
    public var hint: String?
    /// As it is named from here: a mounted card's with the card before it.
    public var file: String?
    /// From 1.
    public var line: Int?
}

/// One thing that the site file asks of booting: as it is wanted, as the files say, and as it runs.
public struct BootItem: Hashable, Sendable, Encodable {
    public enum State: String, Hashable, Sendable, Codable {
        case ok
        /// Neither in the files nor running.
        case missing
        /// In the files and not running yet.
        case needsReboot
        /// Running and not in the files: gone with the next boot.
        case willVanish
    }

    /// `i2c`, `1-wire`, `clock`, `watchdog`, `usb`, `relay router`.
    public var subject: String
    public var wanted: String
    /// nil when the files say nothing of it.
    public var configured: String?
    /// nil when it is not running, or cannot be seen.
    public var live: String?
    public var state: State
}

/// All that `check-boot` has to say.
public struct BootReport: Hashable, Sendable {
    public var system: BootSystem
    public var model: String?
    /// The config.txt, named as in findings; nil when there is none.
    public var file: String?
    /// False when the root belongs to a system that does not run, so that only its files were judged.
    public var isRunning: Bool
    public var items: [BootItem]
    /// In the order of their lines, those without a line first.
    public var findings: [BootFinding]

    public var needsReboot: Bool { items.contains { $0.state == .needsReboot } }
}
