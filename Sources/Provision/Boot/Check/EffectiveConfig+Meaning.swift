extension EffectiveConfig {
    /// One overlay that is loaded, with the parameters that follow it on lines of their own.
    struct Loaded: Hashable {
        var overlay: ConfigOverlay
        let source: Source
    }

    /// The overlays that hold, in their order.
    var loaded: [Loaded] {
        var loaded: [Loaded] = []
        for entry in holding {
            switch entry.setting {
            case .overlay(let overlay) where !overlay.name.isEmpty:
                loaded.append(Loaded(overlay: overlay, source: entry.source))
            case .parameter(let parameter, let name?) where loaded.last?.overlay.name == name:
                loaded[loaded.count - 1].overlay.parameters.append(parameter)
            default: break
            }
        }
        return loaded
    }

    /// What becomes of I2C bus 1: whether a line speaks of it, whether it is on, and its clock in hertz.
    func i2c(on system: BootSystem) -> (isSet: Bool, isOn: Bool, rate: Int) {
        if system == .debian {
            // On in the kernel's own tree, at 100 kHz.
            let rate = loaded.last { $0.overlay.name == BootOverlay.i2c.rawValue }?.overlay.value(of: "baudrate")
            return (rate != nil, true, rate.flatMap { Int($0) } ?? 100_000)
        }
        let state = baseParameter { Self.i2cNames.contains($0) }
        let rate = baseParameter { Self.i2cRateNames.contains($0) }?.value
        let isOn = state.map { Self.isOn($0.value) } ?? false
        return (state != nil, isOn, rate.flatMap { Int($0) } ?? 100_000)
    }

    /// The last parameter that reaches the base tree under one of these names.
    private func baseParameter(_ isMeant: (String) -> Bool) -> ConfigParameter? {
        for entry in holding.reversed() {
            if case .parameter(let parameter, _) = entry.setting, isMeant(parameter.name) { return parameter }
        }
        return nil
    }

    static let i2cNames: Set<String> = ["i2c_arm", "i2c", "i2c1"]
    static let i2cRateNames: Set<String> = ["i2c_arm_baudrate", "i2c_baudrate", "i2c1_baudrate"]

    /// Parameters of the base tree that people set by hand; an overlay that has one of the same name takes it.
    static let baseNames: Set<String> = i2cNames.union(i2cRateNames).union([
        "i2c_vc", "i2c0", "i2c_vc_baudrate", "i2c0_baudrate", "spi", "i2s", "audio", "watchdog", "random", "uart0",
        "uart1",
        "pciex1", "pciex1_gen", "nvme", "ant1", "ant2", "act_led_trigger", "act_led_gpio", "pwr_led_trigger", "eee",
        "sd_overclock", "strict_gpiod", "cooling_fan", "rtc_bbat_vchg", "krnbt", "eth_led0", "eth_led1",
        "eth_max_speed",
    ])

    /// A parameter without a value switches on.
    static func isOn(_ value: String?) -> Bool {
        guard let value else { return true }
        return ["on", "yes", "true", "okay", "ok", "y", "1"].contains(value)
    }

    static let oneWireNames: Set<String> = ["w1-gpio", "w1-gpio-pullup", "w1-gpio-pi5", BootOverlay.oneWire.rawValue]

    var oneWireBuses: [(line: Int, source: Source)] {
        loaded.filter { Self.oneWireNames.contains($0.overlay.name) }.map { bus in
            // The overlay's own default.
            (bus.overlay.value(of: "gpiopin").flatMap { Int($0) } ?? 4, bus.source)
        }
    }

    var oneWireLines: [Int] { oneWireBuses.map(\.line) }

    var hasClockChip: Bool {
        loaded.contains { loaded in
            loaded.overlay.name == BootOverlay.clock.rawValue
                || loaded.overlay.name == "i2c-rtc" && loaded.overlay.parameters.contains { $0.name == "ds3231" }
        }
    }

    /// The level that the firmware leaves on a line: later lines win.
    func drivenLevel(of line: Int) -> (isHigh: Bool, source: Source)? {
        var level: (Bool, Source)?
        for entry in holding {
            guard case .pins(let pins) = entry.setting, pins.pins.contains(line) else { continue }
            if let isHigh = pins.level { level = (isHigh, entry.source) }
            // An input again.
            if pins.attributes.contains("ip") { level = nil }
        }
        return level
    }
}
