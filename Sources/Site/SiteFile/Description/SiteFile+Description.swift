/// The site file as a whole: its sections in the order in which they are written and explained.
extension SiteFile {
    static let table = Record<SiteFile>(
        blank,
        [
            .required("site", \.site, SiteDescription.table.shape(), "Who and where the unit is.", .plain),
            .defaulted(
                "network", \.network, NetworkConfiguration.table.shape(), of: blank,
                "The unit's address and its neighbours. Nothing is probed that is not named here.", .plain),
            .list(
                "sensors", \.sensors, SensorConfiguration.shape.list, "What is measured, one entry per probe or input.",
                .plain),
            .list(
                "relays", \.relays, RelayConfiguration.shape.list, "What is switched. 'on' means the load has power.",
                .plain),
            .list("inputs", \.inputs, InputConfiguration.shape.list, "Contacts and signals at GPIO lines.", .plain),
            .optional(
                "storage", \.storage, StorageConfiguration.table.shape(),
                "The drive that cameras record to, and its share. Left out: no footage is kept.", .plain),
            .list("alerts", \.alerts, AlertRule.table.shape().list, "When somebody is told.", .plain),
            .list(
                "notify", \.notify, NotificationGroup.shape, "Who is told: groups of mailto: and https: addresses.",
                .secret),
            .optional(
                "mail", \.mail, MailConfiguration.table.shape(), "The server that takes the unit's mail.", .plain),
            .optional(
                "uplink", \.uplink, UplinkConfiguration.table.shape(),
                "The fleet's broker. Left out: nothing leaves the site.", .plain),
            .defaulted(
                "compatibility", \.compatibility, CompatibilityConfiguration.table.shape(), of: blank,
                "Other products' interfaces; all off unless named.", .plain),
            .defaulted(
                "history", \.history, HistoryConfiguration.table.shape(), of: blank, "How samples are kept.", .plain),
            .defaulted(
                "logs", \.logs, LogsConfiguration.table.shape(), of: blank,
                "The syslog of router and cameras, received and kept.", .plain),
            .defaulted("board", \.board, BoardConfiguration.table.shape(), of: blank, "The computer itself.", .plain),
            .defaulted(
                "clock", \.clock, ClockConfiguration.table.shape(), of: blank, "Where the time comes from.", .plain),
            .defaulted("web", \.web, WebConfiguration.table.shape(), of: blank, "The unit's pages and API.", .plain),
        ])

    private static let blank = SiteFile(site: SiteDescription(name: ""))
}

extension SiteDescription {
    static let table = Record<SiteDescription>(
        blank,
        [
            .required("name", \.name, Shapes.text(), "What people call the site: Trailer 42.", .personal),
            .optional("customer", \.customer, Shapes.text(), "Whose site it is.", .personal),
            .optional(
                "deployment", \.deployment, Shapes.id,
                "The stay at one place that rows are bound to; a unit that moves gets a new one.",
                .personal),
            .defaulted(
                "timezone", \.timezone, Shapes.timeZone, of: blank,
                "IANA time zone of schedules and pages: America/Denver.",
                .personal),
            .optional(
                "latitude", \.latitude, Shapes.number(-90...90, "degrees"),
                "Degrees, north positive; for sunrise and sunset.", .personal),
            .optional(
                "longitude", \.longitude, Shapes.number(-180...180, "degrees"), "Degrees, east positive.", .personal),
            .list(
                "holidays", \.holidays, Shapes.dates.list,
                "Days on which the holidays lines of schedules replace those with weekdays.", .plain),
        ])

    private static let blank = SiteDescription(name: "")
}

extension NetworkConfiguration {
    static let table = Record<NetworkConfiguration>(
        blank,
        [
            .optional(
                "unit", \.unit, Shapes.ipNetwork,
                "The unit's fixed address with its network: 192.168.1.10/24. Left out: DHCP.", .personal),
            .defaulted(
                "interface", \.interface, Shapes.interface, of: blank, "The Linux network interface that carries it.",
                .plain),
            .optional("router", \.router, RouterConfiguration.table.shape(), "The site's way out.", .plain),
            .list(
                "camera", \.cameras, CameraConfiguration.shape.oneOrMore,
                "A camera, or a list of them with an id each.",
                .plain),
            .list(
                "witness", \.witnesses, Shapes.host.oneOrMore,
                "One or more hosts beyond the router whose answers prove that the site is connected.",
                .personal),
        ])

    private static let blank = NetworkConfiguration()
}

extension RouterConfiguration {
    static let table = Record<RouterConfiguration>(
        blank,
        [
            .required("address", \.address, Shapes.ipAddress, "The router's address on the site's LAN.", .personal),
            .defaulted(
                "kind", \.kind, Shapes.word("a kind of router"), of: blank,
                "Whose API tells signal, uptime and data volume; generic: ping only.", .plain),
            .optional("user", \.user, Shapes.text(1...64), "User of the router's API.", .personal),
            .optional("secret", \.secret, Shapes.secret, "Entry of secrets.yaml with that user's password.", .plain),
            .optional(
                "community", \.community, Shapes.secret, "Entry of secrets.yaml with the SNMP v2c community.", .plain),
        ])

    private static let blank = RouterConfiguration(address: IPAddress(bytes: [0, 0, 0, 0]))
}

extension CameraConfiguration {
    static let shape = Record<CameraConfiguration>(
        blank,
        [
            .defaulted(
                "id", \.id, Shapes.id, of: blank, "Names the camera's folder and its user for the share.", .plain),
            .optional("name", \.givenName, Shapes.text(), "What people call it; the id when left out.", .personal),
            .required("address", \.address, Shapes.ipAddress, "The camera's address on the site's LAN.", .personal),
            .defaulted(
                "minimum", \.minimum, Shapes.word("an SMB dialect"), of: blank, "The oldest SMB dialect it may use.",
                .plain),
            .defaulted(
                "signing", \.signing, Shapes.flag, of: blank, "false for a camera that cannot sign SMB messages.",
                .plain),
        ]
    ).shape("a camera (address, ...)").map(
        to: { camera in
            var camera = camera
            if camera.name.isEmpty { camera.name = camera.id }
            return camera
        }, from: { $0 })

    /// nil as long as none was given.
    fileprivate var givenName: String? {
        get { name.isEmpty ? nil : name }
        set { name = newValue ?? "" }
    }

    private static let blank = CameraConfiguration(name: "", address: IPAddress(bytes: [0, 0, 0, 0]))
}

extension HistoryConfiguration {
    static let table = Record<HistoryConfiguration>(
        blank,
        [
            .defaulted(
                "window", \.window, Shapes.duration(.seconds(1)...(.seconds(3600))), of: blank,
                "Samples wait at most so long before they are committed: what a power cut may cost.", .plain),
            .defaulted(
                "raw", \.keepRaw, Shapes.retention, of: blank, "How long samples are kept as they were measured.",
                .plain),
            .defaulted(
                "minutes", \.keepMinutes, Shapes.retention, of: blank,
                "How long values per minute and per 15 minutes are kept.", .plain),
            .defaulted("hours", \.keepHours, Shapes.retention, of: blank, "How long values per hour are kept.", .plain),
            .defaulted(
                "maximum", \.maximumSize, Shapes.size, of: blank,
                "Upper bound of the history file; the oldest samples go first.", .plain),
        ])

    private static let blank = HistoryConfiguration()
}

extension LogsConfiguration {
    static let table = Record<LogsConfiguration>(
        blank,
        [
            .defaulted(
                "retention", \.retention, Shapes.duration(.seconds(3600)...Shapes.century), of: blank,
                "How long lines are kept.", .plain),
            .defaulted(
                "maximum", \.maximumSize, Shapes.size, of: blank,
                "Upper bound of the log file; the oldest lines go first.", .plain),
            .defaulted(
                "rate", \.rate, Shapes.integer(1...100_000, "lines per second"), of: blank,
                "Lines per second that one source may send for long; more is counted and dropped.", .plain),
            .defaulted(
                "window", \.window, Shapes.duration(.seconds(1)...(.seconds(3600))), of: blank,
                "Lines wait in memory at most so long before they are written: what a power cut may cost.", .plain),
            .optional(
                "forward", \.forward, Shapes.url(["tls"]), "A central syslog server that gets a copy: tls://host:6514.",
                .personal),
        ])

    private static let blank = LogsConfiguration()
}

extension BoardConfiguration {
    static let table = Record<BoardConfiguration>(
        blank,
        [
            .defaulted(
                "interval", \.interval, Shapes.interval, of: blank, "How often the board's own figures are read.",
                .plain),
            .defaulted(
                "one_wire", \.oneWireLine, Shapes.gpioLine, of: blank, "The GPIO line that carries 1-Wire.", .plain),
            .defaulted(
                "i2c_baudrate", \.i2cBaudRate, Shapes.integer(10_000...1_000_000, "a clock in hertz"), of: blank,
                "Clock of I2C bus 1 in hertz; 400000 is the fastest that all chips know.", .plain),
        ])

    private static let blank = BoardConfiguration()
}

extension ClockConfiguration {
    static let table = Record<ClockConfiguration>(
        blank,
        [
            .defaulted(
                "rtc", \.rtc, Shapes.word("a hardware clock"), of: blank,
                "A clock that runs while the unit is off, at 0x68 of bus 1.", .plain),
            .list(
                "ntp", \.ntp,
                Shapes.host.map(
                    to: { $0 == "router" ? .router : .host($0) },
                    from: { source in
                        switch source {
                        case .router: "router"
                        case .host(let host): host
                        }
                    }
                ).oneOrMore, "Where the time is asked for: router, or hosts.", .personal),
        ])

    private static let blank = ClockConfiguration()
}

extension WebConfiguration {
    static let table = Record<WebConfiguration>(
        WebConfiguration(),
        [
            .list(
                "listen", \.listen, Shapes.socketAddress.oneOrMore,
                "Address and port, or a list: 0.0.0.0:443. In the clear on loopback only.", .personal),
            .list(
                "lan", \.lan, Shapes.socketAddress.oneOrMore,
                "Address and port for the site's own network alone: 192.168.1.10:8443.", .personal),
            .list(
                "names", \.names, Shapes.host.list, "Names under which the unit is opened, for its certificate.",
                .personal),
        ])
}
