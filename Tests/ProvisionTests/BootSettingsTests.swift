import Provision
import Site
import Testing

@Suite("What a site file asks of the firmware")
struct BootSettingsTests {
    @Test("a site without hardware needs the watchdog only")
    func bare() throws {
        let settings = try BootSite.settings("")
        #expect(settings.i2cBaudRate == nil)
        #expect(settings.oneWireLine == nil)
        #expect(settings.relayPins.isEmpty)
        #expect(
            settings.block(for: .raspberryPiOS) == [
                "[all]", "kernel_watchdog_timeout=60", "[pi5]", "usb_max_current_enable=1", "[all]", "dtoverlay=",
                "dtparam=watchdog=on", "dtoverlay=",
            ])
        #expect(settings.block(for: .debian).allSatisfy { !$0.hasPrefix("dtparam") })
        #expect(settings.ownOverlays.isEmpty)
    }

    @Test("lines come first, parameters of the base tree before any overlay, and nothing is left open")
    func order() throws {
        #expect(
            try BootSite.trailer().block(for: .raspberryPiOS) == [
                "[all]", "# relay 'router': on", "gpio=5=op,dh", "# relay 'camera': on", "gpio=6=op,dh",
                "# relay 'strobe': off", "gpio=27=op,dl", "kernel_watchdog_timeout=60", "[pi5]",
                "usb_max_current_enable=1",
                "[all]", "dtoverlay=", "dtparam=watchdog=on", "dtparam=i2c_arm=on,i2c_arm_baudrate=400000",
                "dtoverlay=w1-gpio,gpiopin=4", "dtoverlay=i2c-rtc,ds3231", "dtoverlay=",
            ])
    }

    @Test("Debian's kernel gets overlays of our own, and no parameter of the base tree")
    func debian() throws {
        let block = try BootSite.trailer().block(for: .debian)
        #expect(
            block.suffix(5) == [
                "dtoverlay=", "dtoverlay=picli-i2c1,baudrate=400000", "dtoverlay=picli-w1,gpiopin=4",
                "dtoverlay=picli-rtc",
                "dtoverlay=",
            ])
        #expect(try BootSite.trailer().ownOverlays == [.i2c, .oneWire, .clock])
    }

    @Test(
        "on is a load with power, whatever the contact and the level",
        arguments: [
            // A coil that pulls opens a normally closed contact.
            ("no", "high", "on", true), ("no", "high", "off", false), ("no", "low", "on", false),
            ("no", "low", "off", true),
            ("nc", "high", "on", false), ("nc", "high", "off", true), ("nc", "low", "on", true),
            ("nc", "low", "off", false),
            // The coil rests until more is known.
            ("no", "high", "last", false), ("no", "low", "last", true), ("nc", "high", "last", false),
            ("nc", "low", "last", true),
        ])
    func levels(contact: String, active: String, boot: String, isHigh: Bool) throws {
        // One that rests at this level from power-on.
        let line = isHigh ? 5 : 22
        let settings = try BootSite.settings(
            "relays: [{ id: r, line: GPIO\(line), contact: \(contact), active: \(active), boot: \(boot) }]\n")
        let pin = try #require(settings.relayPins.first)
        #expect(pin.line == line)
        #expect(pin.isHigh == isHigh)
        #expect(pin.state == RelayState(rawValue: boot))
        #expect(settings.block(for: .debian).contains("gpio=\(line)=op,\(isHigh ? "dh" : "dl")"))
    }

    @Test(
        "I2C is turned on by a sensor, an expander or a clock",
        arguments: [
            "sensors: [{ id: air, chip: aht20, bus: 1, address: 0x38 }]\n", "clock: { rtc: ds3231 }\n",
            "relays: [{ id: r, expander: { address: 0x20, pin: GPA0 } }]\n",
        ])
    func i2c(section: String) throws {
        #expect(try BootSite.settings(section).i2cBaudRate == 100_000)
    }

    @Test("another bus than 1 is left to its owner")
    func otherBus() throws {
        let settings = try BootSite.settings("sensors: [{ id: air, chip: aht20, bus: 3, address: 0x38 }]\n")
        #expect(settings.i2cBaudRate == nil)
        #expect(settings.otherBuses == [3])
    }

    @Test("1-Wire goes to the line of the site file")
    func oneWire() throws {
        let settings = try BootSite.settings(
            "board: { one_wire: GPIO17 }\nsensors: [{ id: t, chip: ds18b20, address: 28-0000075ff6b1 }]\n")
        #expect(settings.block(for: .raspberryPiOS).contains("dtoverlay=w1-gpio,gpiopin=17"))
    }
}
