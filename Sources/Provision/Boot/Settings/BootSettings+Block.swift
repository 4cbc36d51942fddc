import Site

extension BootSettings {
    /// The lines of our block.
    ///
    /// Lines first: the sooner they are driven, the shorter a relay is left to its resistor. An overlay takes the
    /// parameters that follow it, so the block closes any that is open before it, sets those of the base tree next, and
    /// leaves none of its own open.
    public func block(for system: BootSystem) -> [String] {
        var lines = ["[all]"]
        for pin in relayPins {
            lines.append("# relay '\(pin.relay)': \(pin.state?.rawValue ?? "coil at rest")")
            lines.append("gpio=\(pin.line)=op,\(pin.isHigh ? "dh" : "dl")")
        }
        lines.append("kernel_watchdog_timeout=\(Self.kernelWatchdogTimeout(on: system))")
        // 1.6 A instead of 0.6 A for all USB ports: a drive and a modem; the supply of a trailer tells no USB-PD.
        lines += ["[pi5]", "usb_max_current_enable=1", "[all]"]
        lines += ["dtoverlay="] + parameters(for: system) + overlays(for: system) + ["dtoverlay="]
        return lines
    }

    private func parameters(for system: BootSystem) -> [String] {
        guard system.hasStockOverlays else { return [] }
        return ["dtparam=watchdog=on"]
            + [i2cBaudRate.map { "dtparam=i2c_arm=on,i2c_arm_baudrate=\($0)" }].compactMap(\.self)
    }

    private func overlays(for system: BootSystem) -> [String] {
        let isStock = system.hasStockOverlays
        return [
            isStock ? nil : i2cBaudRate.map { "dtoverlay=\(BootOverlay.i2c.rawValue),baudrate=\($0)" },
            oneWireLine.map { "dtoverlay=\(isStock ? "w1-gpio" : BootOverlay.oneWire.rawValue),gpiopin=\($0)" },
            hasClockChip ? (isStock ? "dtoverlay=i2c-rtc,ds3231" : "dtoverlay=\(BootOverlay.clock.rawValue)") : nil,
        ].compactMap(\.self)
    }
}
