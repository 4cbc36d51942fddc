extension BootCheck {
    /// Lines of others that say otherwise, twice, or to nobody.
    mutating func checkConflicts() {
        if let settings {
            checkI2CLines(settings)
            checkRelayLines(settings)
            checkOneWireLines(settings)
        }
        checkWatchdogValues()
        checkFiltered()
        checkRepeatedParameters()
        checkOverlays()
        checkConsole()
        checkScope()
    }

    /// Earlier lines lose against ours and stand there as a trap; later ones win.
    private mutating func conflict(_ source: EffectiveConfig.Source, _ subject: String) {
        guard !isOurs(source) else { return }
        let block = blocks.last
        if let block, source.include == nil, source.line > block.range.upperBound {
            find(
                "overridden", .error, at: source,
                "'\(line(source))' comes after the block of picli and decides over \(subject).",
                hint: "take the line out")
        } else {
            find(
                "conflict", at: source,
                "'\(line(source))' says otherwise than the site file about \(subject)\(block == nil ? "" : "; the block of picli decides").",
                hint: "take the line out")
        }
    }

    private mutating func checkI2CLines(_ settings: BootSettings) {
        guard let rate = settings.i2cBaudRate, tree.system.hasStockOverlays else { return }
        for entry in effective.holding {
            guard case .parameter(let parameter, _) = entry.setting else { continue }
            let isOff = EffectiveConfig.i2cNames.contains(parameter.name) && !EffectiveConfig.isOn(parameter.value)
            let isOtherRate = EffectiveConfig.i2cRateNames.contains(parameter.name) && parameter.value != String(rate)
            if isOff || isOtherRate { conflict(entry.source, "I2C bus 1") }
        }
    }

    private mutating func checkRelayLines(_ settings: BootSettings) {
        for entry in effective.holding {
            guard case .pins(let pins) = entry.setting, !isOurs(entry.source) else { continue }
            for pin in settings.relayPins where pins.pins.contains(pin.line) && pins.level != pin.isHigh {
                conflict(entry.source, "GPIO\(pin.line) of relay '\(pin.relay)'")
            }
        }
    }

    private mutating func checkOneWireLines(_ settings: BootSettings) {
        for bus in effective.oneWireBuses where !isOurs(bus.source) {
            if let relay = settings.relayPins.first(where: { $0.line == bus.line }) {
                find(
                    "pinTaken", .error, at: bus.source,
                    "'\(line(bus.source))' puts 1-Wire on GPIO\(bus.line), which switches relay '\(relay.relay)'.",
                    hint: "take the line out, or name the right line with gpiopin=")
            } else if let wanted = settings.oneWireLine, bus.line != wanted {
                find(
                    "oneWireElsewhere", at: bus.source,
                    "'\(line(bus.source))' puts 1-Wire on GPIO\(bus.line), and the site file on GPIO\(wanted).",
                    hint: "take the line out, or say 'board: { one_wire: GPIO\(bus.line) }' in the site file")
            }
        }
    }

    /// What is no number of seconds: the firmware then leaves the watchdog alone, without a word.
    private mutating func checkWatchdogValues() {
        for entry in effective.holding where !isOurs(entry.source) {
            guard case .property("kernel_watchdog_timeout", let value) = entry.setting,
                value.utf8.contains(where: { !(0x30...0x39).contains($0) }) || Int32(value) ?? 0 < 1
            else { continue }
            find(
                "badWatchdog", .error, at: entry.source,
                "'\(line(entry.source))' is no number of seconds above zero: the firmware starts no watchdog with it.",
                hint: "take the line out; picli provision writes one that holds")
        }
    }

    /// A line that a filter keeps from this board, or may keep, though it is something that the unit needs.
    private mutating func checkFiltered() {
        for entry in effective.entries where !isOurs(entry.source) && isWanted(entry.setting) {
            switch entry.standing {
            case .holds, .filtered(.none), .filtered(.unknown): continue
            case .filtered(let filter):
                let board = tree.model.map { "this is a \($0.name)" } ?? "this boot is another"
                find(
                    "filteredOut", at: entry.source,
                    "'\(line(entry.source))' stands under \(filter.text), and \(board): it does nothing here.",
                    hint: "put [all] on a line of its own before it, when it was meant for every board")
            case .depends(let filter):
                let isModel = if case .model = filter { true } else { false }
                find(
                    "conditional", at: entry.source,
                    "'\(line(entry.source))' stands under \(filter.text): \(isModel ? "it is for that board only, and this one is not known" : "whether it holds is known only at boot").",
                    hint: "put [all] on a line of its own before it, when it was meant for every boot")
            }
        }
    }

    private func isWanted(_ setting: EffectiveConfig.Setting) -> Bool {
        switch setting {
        case .property(let key, _): key == "kernel_watchdog_timeout"
        case .parameter(let parameter, _):
            EffectiveConfig.i2cNames.contains(parameter.name) || parameter.name == "watchdog"
        case .overlay(let overlay): EffectiveConfig.oneWireNames.contains(overlay.name) || overlay.name == "i2c-rtc"
        case .pins(let pins):
            settings.map { settings in settings.relayPins.contains { pins.pins.contains($0.line) } } ?? true
        }
    }

    private mutating func checkRepeatedParameters() {
        var first: [String: (value: String?, source: EffectiveConfig.Source)] = [:]
        for entry in effective.holding {
            guard case .parameter(let parameter, nil) = entry.setting, !isOurs(entry.source) else { continue }
            if let earlier = first[parameter.name] {
                find(
                    "duplicateParameter", at: entry.source,
                    "'\(parameter.name)' is set here and in line \(earlier.source.line)\(earlier.value == parameter.value ? "" : " to another value"); the later line decides.",
                    hint: "take one of them out")
            }
            first[parameter.name] = (parameter.value, entry.source)
        }
    }

    private mutating func checkOverlays() {
        var seen: [ConfigOverlay: EffectiveConfig.Source] = [:]
        for loaded in effective.loaded {
            var overlay = loaded.overlay
            overlay.parameters.sort { ($0.name, $0.value ?? "") < ($1.name, $1.value ?? "") }
            // With and without its default it is the same bus.
            if EffectiveConfig.oneWireNames.contains(overlay.name), overlay.value(of: "gpiopin") == nil {
                overlay.parameters = [ConfigParameter("gpiopin", "4")]
            }
            if let earlier = seen[overlay] {
                let source = isOurs(loaded.source) ? earlier : loaded.source
                find(
                    "duplicateOverlay", at: source,
                    "Overlay '\(overlay.name)' is loaded twice with the same parameters; the second finds its lines taken.",
                    hint: "take '\(line(source))' out")
            }
            seen[overlay] = loaded.source
            if let overlays = tree.overlays, !overlays.contains(overlay.name), !overlay.name.isEmpty {
                find(
                    "overlayMissing", .error, at: loaded.source,
                    "There is no overlays/\(overlay.name).dtbo on the boot partition: the firmware passes over the line without a word.",
                    hint: tree.system == .debian && isOurs(loaded.source)
                        ? "picli provision, which copies it there" : "correct the name, or copy the overlay there")
            }
        }
    }

    /// GPIO14 and 15 are the serial console while `enable_uart=1`.
    private mutating func checkConsole() {
        guard effective.property("enable_uart")?.value == "1" else { return }
        var users = effective.oneWireBuses.filter { $0.line == 14 || $0.line == 15 }.map(\.source)
        for entry in effective.holding {
            if case .pins(let pins) = entry.setting, pins.pins.contains(14) || pins.pins.contains(15),
                pins.attributes.contains("op") || pins.attributes.contains("ip")
            {
                users.append(entry.source)
            }
        }
        for source in users {
            find(
                "consolePin", .error, at: source,
                "'\(line(source))' uses a line of the serial console (GPIO14, GPIO15), which enable_uart=1 turns on.",
                hint: "use another line, or set enable_uart=0 and take console=serial0 out of cmdline.txt")
        }
    }

    /// A parameter of the base tree that an open overlay is asked for first.
    private mutating func checkScope() {
        var last: EffectiveConfig.Source?
        for entry in effective.holding where entry.source != last && !isOurs(entry.source) {
            guard case .parameter(let parameter, let overlay?) = entry.setting,
                EffectiveConfig.baseNames.contains(parameter.name)
            else { continue }
            last = entry.source
            find(
                "overlayScope", at: entry.source,
                "'\(line(entry.source))' stands after dtoverlay=\(overlay), which is asked for '\(parameter.name)' first.",
                hint: "move the line above every dtoverlay, or end the overlay with an empty 'dtoverlay='")
        }
    }
}
