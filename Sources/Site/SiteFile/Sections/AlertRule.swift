/// One entry of `alerts:`.
public struct AlertRule: Hashable, Sendable {
    public var id: String
    public var name: String
    public var when: Condition
    /// When the alert ends; nil: as soon as `when` no longer holds.
    public var clear: Condition.Test?
    /// How long `when` must hold first (`for:`).
    public var hold: Duration
    public var severity: Event.Severity
    /// Groups of `notify`; none: the alert is shown, and told to nobody.
    public var tell: [String]
    /// Told again this often while it lasts; nil: once.
    public var repeatEvery: Duration?
    /// While one of these alerts lasts, this one is shown and not told: it follows from it.
    public var inhibitedBy: [String]

    public init(
        id: String, name: String? = nil, when: Condition, clear: Condition.Test? = nil, hold: Duration = .zero,
        severity: Event.Severity = .warning, tell: [String] = [], repeatEvery: Duration? = nil,
        inhibitedBy: [String] = []
    ) {
        self.id = id
        self.name = name ?? id
        self.when = when
        self.clear = clear
        self.hold = hold
        self.severity = severity
        self.tell = tell
        self.repeatEvery = repeatEvery
        self.inhibitedBy = inhibitedBy
    }
}

/// One group of `notify:` who is told together.
public struct NotificationGroup: Hashable, Sendable {
    public var name: String
    public var channels: [NotificationChannel]

    public init(name: String, channels: [NotificationChannel]) {
        self.name = name
        self.channels = channels
    }
}

/// One way to reach somebody.
public enum NotificationChannel: Hashable, Sendable {
    /// `mailto:ops@acme.example`, by the server of `mail:`.
    case mail(address: String)
    /// An HTTPS POST; `secret` names the entry of `secrets.yaml` that is sent as bearer token.
    case webhook(ServiceURL, secret: String?)
}

/// `mail:` the server that takes the unit's mail.
public struct MailConfiguration: Hashable, Sendable {
    /// `smtps://` (TLS from the start) or `smtp://` (STARTTLS, demanded).
    public var server: ServiceURL
    public var from: String
    public var user: String?
    /// Entry of `secrets.yaml` with the password.
    public var secret: String?

    public init(server: ServiceURL, from: String, user: String? = nil, secret: String? = nil) {
        self.server = server
        self.from = from
        self.user = user
        self.secret = secret
    }
}
