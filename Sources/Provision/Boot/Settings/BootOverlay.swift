/// The device-tree overlays of our own, for kernels that come without Raspberry Pi's.
///
/// Their sources are `image/overlays/NAME.dts`; the package installs them compiled.
public enum BootOverlay: String, Hashable, Sendable, CaseIterable {
    /// Clock of I2C bus 1, and its number: Debian's device trees name no alias, so that /dev/i2c-1 would be luck.
    case i2c = "picli-i2c1"
    case oneWire = "picli-w1"
    /// A DS3231 on I2C bus 1.
    case clock = "picli-rtc"

    /// Where the package puts them.
    public static let folder = "/usr/share/picli/overlays"

    var fileName: String { "\(rawValue).dtbo" }
}

extension BootSettings {
    /// The overlays that Debian's kernel lacks for these settings.
    public var ownOverlays: [BootOverlay] {
        [i2cBaudRate.map { _ in .i2c }, oneWireLine.map { _ in .oneWire }, hasClockChip ? .clock : nil].compactMap(
            \.self)
    }
}
