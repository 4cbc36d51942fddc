extension StorageConfiguration {
    static let table = Record<StorageConfiguration>(
        blank,
        [
            .defaulted("share", \.share, Shapes.shareName, of: blank, "Name of the SMB share.", .plain),
            .defaulted(
                "retention", \.retention, Shapes.duration(.seconds(3600)...Shapes.century), of: blank,
                "How long footage is promised to be kept.", .plain),
            .defaulted(
                "reserve", \.reserve, Shapes.duration(.seconds(60)...(.seconds(7 * 86_400))), of: blank,
                "The oldest clips go when less than this is free at the current bit rate.", .plain),
            .defaulted(
                "foreign", \.foreign, Shapes.word("a rule for foreign drives"), of: blank,
                "A drive with somebody else's files: use it beside them, or refuse it.", .plain),
            .defaulted(
                "second", \.second, Shapes.word("a rule for second drives"), of: blank,
                "A second drive waits until the first is gone, or replaces it.", .plain),
            .optional(
                "maximum", \.maximumSize, Shapes.size,
                "As large as the share says that it is at most, for cameras that delete their oldest clips themselves.",
                .plain),
            .optional(
                "protect", \.protection, FootageProtection.table.shape(),
                "Footage around events is kept longer than other footage.", .plain),
        ])

    private static let blank = StorageConfiguration()
}

extension FootageProtection {
    static let table = Record<FootageProtection>(
        blank,
        [
            .required(
                "events", \.events, Shapes.eventPattern.oneOrMore,
                "Codes of events: relay.switched, watchdog.*, relay.switched@strobe.", .plain),
            .defaulted(
                "before", \.before, Shapes.duration(.zero...(.seconds(3600))), of: blank,
                "Footage is protected from so long before an event.", .plain),
            .defaulted(
                "after", \.after, Shapes.duration(.zero...(.seconds(3600))), of: blank,
                "Until so long after it.", .plain),
            .defaulted(
                "keep", \.keep, Shapes.duration(.seconds(86_400)...Shapes.century), of: blank,
                "How long it is protected.", .plain),
        ])

    private static let blank = FootageProtection(events: [])
}

extension Shapes {
    /// Codes of events.
    static let eventPattern: Shape<EventPattern> = .scalar(
        "an event like relay.switched or watchdog.*",
        schema: .object(["type": .string("string"), "pattern": .string(EventPattern.pattern)]),
        write: { .text($0.description) }
    ) { text in
        if let pattern = EventPattern(text) { return .success(pattern) }
        return .failure(
            .init(
                "'\(text.excerpt)' is not an event",
                hint: "write AREA.WHAT, AREA.* or AREA.WHAT@SUBJECT: relay.switched@strobe"))
    }
}

extension UplinkConfiguration {
    static let table = Record<UplinkConfiguration>(
        blank,
        [
            .required(
                "broker", \.broker,
                Shapes.url(["mqtts"], insteadOf: ["mqtt": "use mqtts://: the unit shows its certificate and encrypts"]),
                "The MQTT broker: mqtts://host:8883.", .personal),
            .defaulted(
                "every", \.every, Shapes.duration(.seconds(1)...(.seconds(86_400))), of: blank,
                "How often readings are sent.", .plain),
            .defaulted(
                "backlog", \.backlog, Shapes.duration(.seconds(60)...Shapes.century), of: blank,
                "How long what could not be sent is kept.", .plain),
        ])

    private static let blank = UplinkConfiguration(broker: Shapes.placeholderURL)
}

extension MailConfiguration {
    static let table = Record<MailConfiguration>(
        blank,
        [
            .required(
                "server", \.server, Shapes.url(["smtps", "smtp"]),
                "smtps://host:465 (TLS), or smtp://host:587 (STARTTLS).", .personal),
            .required("from", \.from, Shapes.mailAddress, "The sender's address.", .personal),
            .optional("user", \.user, Shapes.text(), "User of the mail server.", .personal),
            .optional("secret", \.secret, Shapes.secret, "Entry of secrets.yaml with that user's password.", .plain),
        ])

    private static let blank = MailConfiguration(server: Shapes.placeholderURL, from: "")
}

extension AlertRule {
    static let table = Record<AlertRule>(
        blank,
        [
            .required("id", \.id, Shapes.id, "For ever: events and silences refer to it.", .plain),
            .optional("name", \.givenName, Shapes.text(), "What people read; the id when left out.", .personal),
            .required("when", \.when, Shapes.condition, "METRIC > VALUE UNIT, or METRIC no data.", .plain),
            .optional(
                "clear", \.clear, Shapes.clearTest,
                "When it ends: < VALUE UNIT, or data. Left out: as soon as 'when' no longer holds.", .plain),
            .defaulted(
                "for", \.hold, Shapes.duration(.zero...(.seconds(7 * 86_400))), of: blank,
                "How long 'when' must hold first.", .plain),
            .defaulted(
                "severity", \.severityWord, Shapes.word("a severity"), of: blank,
                "critical, error, warning, notice or info.", .plain),
            .list("tell", \.tell, Shapes.id.list, "Groups of 'notify'; none: shown, and told to nobody.", .plain),
            .optional(
                "repeat", \.repeatEvery, Shapes.duration(.seconds(60)...(.seconds(30 * 86_400))),
                "Told again this often while it lasts.", .plain),
            .list(
                "inhibited_by", \.inhibitedBy, Shapes.id.list,
                "While one of these alerts lasts, this one is shown and not told.", .plain),
        ])

    private static let blank = AlertRule(
        id: "", name: "", when: Condition(metric: MetricReference(subject: ""), test: .noData))

    /// nil as long as none was given, or when it is the id.
    fileprivate var givenName: String? {
        get { name.isEmpty ? nil : name }
        set { name = newValue ?? "" }
    }

    /// The severities by their names.
    fileprivate enum SeverityWord: String, CaseIterable {
        case critical
        case error
        case warning
        case notice
        case info

        var severity: Event.Severity {
            switch self {
            case .critical: .critical
            case .error: .error
            case .warning: .warning
            case .notice: .notice
            case .info: .info
            }
        }
    }

    fileprivate var severityWord: SeverityWord {
        get { SeverityWord.allCases.first { $0.severity == severity } ?? .warning }
        set { severity = newValue.severity }
    }
}

extension NotificationGroup {
    /// `client: [mailto:ops@acme.example]`: names to channels.
    static let shape = Shape<[NotificationGroup]>(
        read: { node, findings in
            guard case .mapping(let entries) = node.content else {
                node.refuse("a mapping of groups (client: [mailto:ops@acme.example])", &findings)
                return nil
            }
            return entries.compactMap { entry in
                let key = SourceNode(
                    content: .scalar(entry.key, isQuoted: false), position: entry.keyPosition, path: entry.value.path)
                guard let name = Shapes.id.read(key, &findings),
                    let channels = NotificationChannel.shape.oneOrMore.read(entry.value, &findings)
                else { return nil }
                return NotificationGroup(name: name, channels: channels)
            }
        },
        write: { groups in
            .mapping(groups.map { .init(key: $0.name, value: .list($0.channels.map(NotificationChannel.shape.write))) })
        },
        schema: .object([
            "type": .string("object"), "propertyNames": Shapes.id.schema,
            "additionalProperties": NotificationChannel.shape.oneOrMore.schema,
        ]), noun: "groups")
}

extension NotificationChannel {
    /// A URL, or a mapping of a URL and the name of its secret.
    static let shape = Shape<NotificationChannel>(
        read: { node, findings in
            guard case .mapping = node.content else { return address.read(node, &findings) }
            guard let hook = Hook.table.shape().read(node, &findings) else { return nil }
            return .webhook(hook.url, secret: hook.secret)
        },
        write: { channel in
            guard case .webhook(let url, let secret?) = channel else { return address.write(channel) }
            return Hook.table.shape().write(Hook(url: url, secret: secret))
        },
        schema: .object(["oneOf": .array([address.schema, Hook.table.shape().schema])]), noun: "a channel")

    private struct Hook {
        var url: ServiceURL
        var secret: String?

        static let table = Record<Hook>(
            Hook(url: Shapes.placeholderURL),
            [
                .required("url", \.url, Shapes.url(["https"]), "Where the alert is posted.", .secret),
                .optional(
                    "secret", \.secret, Shapes.secret, "Entry of secrets.yaml that is sent as bearer token.", .plain),
            ])
    }

    private static let address: Shape<NotificationChannel> = .scalar(
        "mailto:ADDRESS or https://HOST/...",
        schema: Shapes.string(pattern: "^(mailto:[^@\\s]+@[^@\\s]+|https://[^@/?#]+([/?#].*)?)$"),
        write: { channel in
            switch channel {
            case .mail(let address): .text("mailto:\(address)")
            case .webhook(let url, _): .text("\(url)")
            }
        }
    ) { text in
        if text.hasPrefix("mailto:") {
            let address = String(text.dropFirst("mailto:".count))
            guard Shapes.isMailAddress(address) else {
                return .failure(
                    .init("'\(address.excerpt)' is not a mail address", hint: "write mailto:ops@acme.example"))
            }
            return .success(.mail(address: address))
        }
        guard text.contains("://") else {
            let isMail = Shapes.isMailAddress(text)
            return .failure(
                .init(
                    "'\(text.excerpt)' is not a channel",
                    hint: isMail ? "write mailto:\(text)" : "write mailto:ADDRESS or https://HOST/..."))
        }
        switch ServiceURL.parse(text) {
        case .failure(let failure): return .failure(.init(failure.message, hint: failure.hint))
        case .success(let url) where url.scheme == "https": return .success(.webhook(url, secret: nil))
        case .success(let url):
            return .failure(.init("'\(url.scheme)' cannot be used here", hint: "use https:// or mailto:"))
        }
    }
}
