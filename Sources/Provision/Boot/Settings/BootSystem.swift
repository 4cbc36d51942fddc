/// Who writes config.txt on a system, and which overlays its kernel comes with.
public enum BootSystem: String, Hashable, Sendable, CaseIterable {
    /// Raspberry Pi's kernel and overlays: `dtparam` works, and config.txt belongs to its owner.
    case raspberryPiOS = "raspberry-pi-os"
    /// Ubuntu's raspi kernel: the same overlays and parameters.
    case ubuntu = "ubuntu"
    /// Debian's own kernel: no `dtparam`, no stock overlays, and `raspi-firmware` writes config.txt anew with every
    /// kernel; what must last stands in /etc/default/raspi-firmware-custom.
    case debian = "debian"
    /// No Raspberry Pi firmware here.
    case other = "other"

    public var hasStockOverlays: Bool { self == .raspberryPiOS || self == .ubuntu }

    /// Tells the system by what lies in its root.
    ///
    /// Raspberry Pi OS calls itself `ID=debian` and has a package `raspi-firmware` of its own, so its own mark is asked
    /// first.
    public init(osRelease: String, hasRaspberryPiMark: Bool, hasFirmwareHook: Bool, hasStockOverlay: Bool) {
        let id = osRelease.split(separator: "\n").first { $0.hasPrefix("ID=") }
            .map { $0.dropFirst(3).filter { $0 != "\"" } }
        self =
            switch id {
            case _ where hasRaspberryPiMark: .raspberryPiOS
            case "raspbian": .raspberryPiOS
            case "ubuntu" where hasStockOverlay: .ubuntu
            case "debian" where hasFirmwareHook && !hasStockOverlay: .debian
            case _ where hasStockOverlay: .raspberryPiOS
            default: .other
            }
    }
}
