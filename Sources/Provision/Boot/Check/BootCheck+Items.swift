extension BootCheck {
    /// One item for each thing that is wanted: wanted, configured, live.
    mutating func checkItems() {
        guard let settings else { return }
        if let rate = settings.i2cBaudRate { addI2C(rate) }
        if let line = settings.oneWireLine { addOneWire(line) }
        if settings.hasClockChip { addClock() }
        addWatchdog()
        if tree.model?.isPi5 == true { addUSB() }
        for pin in settings.relayPins { addRelay(pin) }
        for bus in settings.otherBuses {
            find(
                "busNotManaged", .warning, "I2C bus \(bus) is used by the site file, and picli sets up bus 1 only.",
                hint: "add the overlay of that bus above the block of picli, as dtoverlay=i2c\(bus)")
        }
        checkModules(settings)
        reportStates()
    }

    private mutating func addI2C(_ rate: Int) {
        let found = effective.i2c(on: tree.system)
        let isRight = found.isOn && found.rate == rate
        let live = tree.live.map { live in
            live.isI2COn
                ? "on, \(live.i2cClock.map(Self.hertz) ?? "unknown clock")\(live.hasI2CDevice ? "" : ", no /dev/i2c-1")"
                : "off"
        }
        add(
            "i2c", wanted: "on, \(Self.hertz(rate))",
            configured: found.isOn ? "on, \(Self.hertz(found.rate))" : found.isSet ? "off" : nil, isRight: isRight,
            live: live,
            isLive: tree.live.map { $0.isI2COn && $0.i2cClock == rate })
        if let live = tree.live, live.isI2COn, !live.hasI2CDevice {
            find(
                "noDevice", .error, "I2C bus 1 is on, and there is no /dev/i2c-1: the module i2c-dev is not loaded.",
                hint: "modprobe i2c-dev; picli provision makes it last")
        }
    }

    /// The module that makes a bus a device: no device asks for it.
    private mutating func checkModules(_ settings: BootSettings) {
        guard settings.needsI2C, let modules = tree.modules, !modules.contains("i2c_dev") else { return }
        // Said already, when it is missing now.
        guard !findings.contains(where: { $0.code == "boot.noDevice" }) else { return }
        find(
            "moduleNotLoaded", .error,
            "The site file needs I2C, and nothing loads the module i2c-dev at boot: there will be no /dev/i2c-1.",
            hint: "picli provision, which writes \(tree.shown(BootTree.moduleFolder))/picli.conf")
    }

    private mutating func addOneWire(_ line: Int) {
        let lines = effective.oneWireLines
        add(
            "1-wire", wanted: "GPIO\(line)", configured: lines.isEmpty ? nil : Self.pins(lines),
            isRight: lines.contains(line),
            live: tree.live.flatMap { $0.oneWireLines.isEmpty ? nil : Self.pins($0.oneWireLines) },
            isLive: tree.live.map { $0.oneWireLines.contains(line) })
    }

    private mutating func addClock() {
        let isSet = effective.hasClockChip
        add(
            "clock", wanted: "ds3231", configured: isSet ? "ds3231" : nil, isRight: isSet,
            live: tree.live?.hasClockChip == true ? "ds3231" : nil, isLive: tree.live?.hasClockChip)
    }

    private mutating func addWatchdog() {
        let value = effective.property("kernel_watchdog_timeout")?.value
        let wanted = BootSettings.kernelWatchdogTimeout(on: tree.system)
        add(
            "watchdog", wanted: "\(wanted) s from the firmware", configured: value.map { "\($0) s" },
            isRight: value.flatMap { Int($0) } == wanted,
            live: tree.live.map { $0.hasWatchdog ? "watchdog0" : "no watchdog" }, isLive: tree.live.map(\.hasWatchdog))
    }

    private mutating func addUSB() {
        let value = effective.property("usb_max_current_enable")?.value
        let live = tree.live?.usbHighCurrent
        add(
            "usb", wanted: "1.6 A", configured: value.map { $0 == "1" ? "1.6 A" : "0.6 A" }, isRight: value == "1",
            live: live.map { $0 ? "1.6 A" : "0.6 A" }, isLive: live)
    }

    /// What the firmware drove is gone once the owner of the lines has them: there is nothing live to compare.
    private mutating func addRelay(_ pin: BootSettings.RelayPin) {
        let found = effective.drivenLevel(of: pin.line)
        func text(_ isHigh: Bool) -> String { "GPIO\(pin.line) \(isHigh ? "high" : "low")" }
        add(
            "relay \(pin.relay)", wanted: text(pin.isHigh), configured: found.map { text($0.isHigh) },
            isRight: found?.isHigh == pin.isHigh, live: nil, isLive: nil)
    }

    private mutating func add(
        _ subject: String, wanted: String, configured: String?, isRight: Bool, live: String?, isLive: Bool?
    ) {
        let state: BootItem.State =
            switch (isRight, isLive) {
            case (true, false): .needsReboot
            case (true, _): .ok
            case (false, true): .willVanish
            case (false, _): .missing
            }
        items.append(BootItem(subject: subject, wanted: wanted, configured: configured, live: live, state: state))
    }

    private mutating func reportStates() {
        let missing = items.filter { $0.state == .missing }.map(\.subject)
        if blocks.isEmpty, !missing.isEmpty {
            find(
                "notConfigured", .error,
                "config.txt does not say what the site file needs: \(missing.joined(separator: ", ")).",
                hint: "picli provision")
        }
        for item in items {
            let says = item.configured.map { "says '\($0)'" } ?? "says nothing of it"
            switch item.state {
            case .ok: continue
            case .missing where blocks.isEmpty: continue
            case .missing:
                find(
                    "notConfigured", .error,
                    "\(item.subject): the site file needs '\(item.wanted)', and config.txt \(says).",
                    hint: "picli provision")
            case .needsReboot:
                find(
                    "needsReboot", .error,
                    "\(item.subject): config.txt \(says), and the running system has \(item.live.map { "'\($0)'" } ?? "nothing of it"); the firmware reads the file at boot only.",
                    hint: "systemctl reboot")
            case .willVanish:
                find(
                    "willVanish", .error,
                    "\(item.subject): it runs as it should, and config.txt \(says); somebody changed the file, and the next boot loses it.",
                    hint: "picli provision")
            }
        }
    }

    private static func hertz(_ rate: Int) -> String { rate % 1000 == 0 ? "\(rate / 1000) kHz" : "\(rate) Hz" }

    private static func pins(_ lines: [Int]) -> String { lines.map { "GPIO\($0)" }.joined(separator: ", ") }
}
