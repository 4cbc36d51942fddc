import Glibc
public import Platform
import Site

/// What is to be seen of a unit's own files and clock, on a mounted card, too.
extension SelfTest {
    /// The identity: files, modes, chain, names, dates, board.
    ///
    /// - Parameter earliest: A time that is past for sure, in wall milliseconds.
    public static func identity(
        _ identity: UnitIdentity, board: BoardSerial?, earliest: Int64, now: Int64
    ) async -> Check {
        let errors = await identity.findings(board: board, earliest: earliest, now: now)
            .filter { $0.severity == .error }
        guard identity.has(UnitIdentity.Role.device.certificateFile) else {
            let others = errors.filter { $0.code != "identity.missing" }
            if let first = others.first { return Check("identity", .failed, first.message, hint: first.hint) }
            return Check(
                "identity", .skipped, "The unit has no certificate yet.",
                hint: "picli identity renew --csr-out FILE, and have that signed")
        }
        guard let first = errors.first else { return Check("identity", .passed, "Key, certificate and record agree.") }
        return Check("identity", .failed, first.message, hint: first.hint)
    }

    /// What the firmware read, against what the site file asks.
    public static func boot(_ tree: BootTree, for settings: BootSettings) -> Check {
        do throws(Failure) {
            let report = try BootCheck.report(of: tree, for: settings)
            if let error = report.findings.first(where: { $0.severity == .error && $0.code != "boot.needsReboot" }) {
                return Check("boot", .failed, error.message, hint: error.hint)
            }
            guard !report.needsReboot else {
                return Check("boot", .skipped, "The firmware reads its new settings at the next start.", hint: "reboot")
            }
            return Check("boot", .passed, "config.txt is as the site file needs it.")
        } catch {
            return Check("boot", .failed, error.message, hint: error.hint)
        }
    }

    /// Whether somebody keeps the clock.
    public static func clock(_ facts: ClockFacts, earliest: Int64) -> Check {
        guard facts.wall >= earliest else {
            return Check(
                "clock", .failed, "The clock says \(ISO8601.string(milliseconds: facts.wall)): it was never set.",
                hint: "connect the router, or 'clock: { rtc: ds3231 }' in the site file for a clock chip")
        }
        if facts.isDisciplined == true || facts.timesyncdMark != nil {
            return Check("clock", .passed, "The time comes from NTP.")
        }
        if facts.isSetFromRTC { return Check("clock", .passed, "The time comes from the clock chip.") }
        return Check(
            "clock", .failed, "No NTP server has set the clock since the start.",
            hint: "timedatectl timesync-status; the router has to answer NTP, or the site file name a server")
    }

    /// The link of a block device leads through the bus that it is on.
    private static func isOnUSB(_ link: String) -> Bool {
        guard let path = realpath(link, nil) else { return false }
        defer { free(path) }
        return String(cString: path).contains("/usb")
    }

    /// Whether a drive for footage is plugged in.
    ///
    /// - Parameter root: Where `/sys` is looked for.
    public static func drive(root: String = "") -> Check {
        let folder = "\(root)/sys/block"
        let disks = ((try? SmallFile.names(in: folder)) ?? []).sorted().filter {
            $0.hasPrefix("sd") && isOnUSB("\(folder)/\($0)")
        }
        guard let disk = disks.first else {
            return Check("drive", .failed, "No USB drive is plugged in.", hint: "plug the drive for the camera in")
        }
        // In units of 512 bytes, whatever the drive's own are (kernel Documentation/ABI/stable/sysfs-block).
        let sectors = (try? SmallFile.text(at: "\(folder)/\(disk)/size", limit: 32)).flatMap { Int64($0) } ?? 0
        guard sectors > 0 else {
            return Check("drive", .failed, "/dev/\(disk) has no medium.", hint: "plug in another drive")
        }
        return Check("drive", .passed, "/dev/\(disk) is there, with \(sectors * 512 / 1_000_000_000) GB.")
    }
}
