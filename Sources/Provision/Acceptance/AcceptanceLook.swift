public import Platform

/// What picli sees by itself of a board that is to be accepted.
public struct AcceptanceLook: Sendable {
    /// What was seen of one item.
    public struct Sight: Hashable, Sendable {
        public var outcome: AcceptanceRecord.Outcome
        /// In a sentence.
        public var evidence: String

        init(_ outcome: AcceptanceRecord.Outcome, _ evidence: String) {
            self.outcome = outcome
            self.evidence = evidence
        }
    }

    public let subject: AcceptanceRecord.Subject
    private let root: SystemRoot
    private let settings: BootSettings?

    /// - Parameter settings: What the site file asks of the firmware; nil without a site file.
    /// - Throws: `acceptance.noBoard` on a machine that is no Raspberry Pi.
    public init(at root: SystemRoot, settings: BootSettings?) throws(Failure) {
        let model = Self.text("/proc/device-tree/model", in: root) ?? ""
        guard model.hasPrefix("Raspberry Pi ") else {
            throw Failure(
                "acceptance.noBoard", "This is no Raspberry Pi: what only a board can show is not to be seen here.",
                hint: "run it on the board; 'picli diagnose' looks at any machine", status: .usage)
        }
        self.root = root
        self.settings = settings
        let serial = BoardSerial.ofBoard(root: Self.place(of: root)).map { ", \($0)" } ?? ""
        subject = AcceptanceRecord.Subject(
            board: model.printable + serial, image: Self.image(in: root),
            kernel: Self.text("/proc/sys/kernel/osrelease", in: root)?.printable ?? "unknown")
    }

    /// nil where somebody at the board has to say it.
    public func sight(of item: AcceptanceItem) -> Sight? {
        switch item.id {
        case "firmware": firmware()
        case "settings": configuration()
        case "card-size": card()
        case "watchdog": watchdog()
        case "other-slot", "tryboot-hangs":
            // Mainline kernels cannot hand an argument of reboot(2) to the firmware; Raspberry Pi's are named so.
            subject.kernel.contains("rpi")
                ? nil : Sight(.skipped, "The kernel \(subject.kernel) cannot ask the firmware for one try.")
        default: nil
        }
    }

    // MARK: Single items

    /// By the kernel's command line, and by what newer firmware says of itself (raspberrypi.com, "autoboot.txt").
    private func firmware() -> Sight {
        let words = (Self.text("/proc/cmdline", in: root) ?? "").split(separator: " ")
        let slot = words.last { $0.hasPrefix("picli.slot=") }.map { String($0.dropFirst("picli.slot=".count)) }
        guard let slot, let wanted = ["a": 2, "b": 3][slot] else {
            return Sight(.failed, "The kernel's command line names no slot.")
        }
        let bytes = (try? root.content(of: "/proc/device-tree/chosen/bootloader/partition", limit: 5)) ?? []
        guard bytes.count == 4 else {
            return Sight(.passed, "The kernel was started from slot \(slot); this firmware does not say from where.")
        }
        let number = bytes.reduce(0) { $0 << 8 | Int($1) }
        guard number == wanted else {
            return Sight(.failed, "The firmware has started partition \(number), and slot \(slot) is \(wanted).")
        }
        return Sight(.passed, "The firmware has started partition \(number), and the kernel runs from slot \(slot).")
    }

    private func configuration() -> Sight {
        guard let settings else { return Sight(.failed, "There is no site file to compare config.txt with.") }
        do throws(Failure) {
            let check = SelfTest.boot(try BootTree(root: Self.place(of: root)), for: settings)
            return Sight(check.outcome == .passed ? .passed : .failed, check.message)
        } catch {
            return Sight(.failed, error.message)
        }
    }

    /// The table reaches the end of the card, and the file system that of its partition.
    private func card() -> Sight {
        do {
            let data = try DataPartition(root: Self.place(of: root))
            let table = try data.table()
            let card = Self.gigabytes(data.sectors * UInt64(PartitionTable.sectorSize))
            guard table == table.grown(to: data.sectors), let last = table.partitions.last else {
                return Sight(.failed, "The partition 'data' does not reach the end of the card of \(card).")
            }
            let size = last.count * UInt64(PartitionTable.sectorSize)
            let space = try FileSystemSpace(of: root.shown("/data"))
            guard space.size > size / 4 * 3 else {
                return Sight(.failed, "The file system on 'data' does not fill its \(Self.gigabytes(size)).")
            }
            return Sight(.passed, "'data' has \(Self.gigabytes(size)) of a card of \(card).")
        } catch let failure as Failure {
            return Sight(.failed, failure.message)
        } catch {
            return Sight(.failed, "\(error).")
        }
    }

    /// By the kernel's class of watchdogs (Documentation/ABI/testing/sysfs-class-watchdog).
    private func watchdog() -> Sight {
        let place = "/sys/class/watchdog/watchdog0"
        guard let name = Self.text("\(place)/identity", in: root)?.printable, !name.contains("Software") else {
            return Sight(.failed, "The kernel knows no watchdog of the hardware.")
        }
        guard let state = Self.text("\(place)/state", in: root), state == "active" else {
            return Sight(.failed, "Nobody has started the hardware's watchdog, '\(name)'.")
        }
        let limit = Self.text("\(place)/timeout", in: root).flatMap { Int($0) }
        return Sight(.passed, "'\(name)' runs\(limit.map { "; it waits \($0) s" } ?? "").")
    }

    // MARK: What they read

    /// For who reads by plain paths.
    private static func place(of root: SystemRoot) -> String { root.isLive ? "" : root.path }

    /// A line of a small file, or a string of a device tree; nil when there is none.
    private static func text(_ path: String, in root: SystemRoot) -> String? {
        guard let bytes = try? root.content(of: path, limit: 4096) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != 0 && $0 != 0x0A }, as: UTF8.self)
        return line.isEmpty ? nil : line
    }

    /// `IMAGE_ID` and `IMAGE_VERSION` of os-release(5), or the system's name.
    private static func image(in root: SystemRoot) -> String {
        let bytes = (try? root.content(of: "/etc/os-release", limit: 65_536)) ?? []
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        func value(_ key: String) -> String? {
            lines.last { $0.hasPrefix("\(key)=") }
                .map { String($0.dropFirst(key.count + 1).filter { $0 != "\"" }).printable }
        }
        guard let name = value("IMAGE_ID"), let version = value("IMAGE_VERSION") else {
            return value("PRETTY_NAME") ?? "unknown"
        }
        return "\(name) \(version)"
    }

    private static func gigabytes(_ bytes: UInt64) -> String {
        "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }
}
