import Platform

/// The drive that a person is asked about, and what becomes of it.
///
/// Between the question and the deed it may have been pulled out, and another one have taken its name: then nothing is done.
public struct FormatOrder: Hashable, Sendable {
    public let disk: BlockDevice
    public let plan: FormatPlan
    let kind: FormatPlan.Kind
    /// The kernel's count of the drive (`diskseq` of Linux 5.15), another one each time that one is plugged in; nil where it
    /// does not count.
    let sequence: String?

    /// - Throws: Those of `FormatPlan.disk(_:in:)`.
    init(
        _ name: String, as kind: FormatPlan.Kind, in devices: BlockDevices, sequence: (BlockDevice) -> String?
    ) throws(Failure) {
        let disk = try FormatPlan.disk(name, in: devices)
        self.disk = disk
        self.kind = kind
        self.sequence = sequence(disk)
        plan = try FormatPlan(
            disk, as: kind, isMounted: disk.all.contains { $0.mountPoints.contains(FootageMount.point) })
    }

    /// - Parameter present: The same order, made of what is there now.
    /// - Throws: `nas.changed` when it is another drive, or another content, than the person was asked about.
    func confirm(_ present: FormatOrder) throws(Failure) {
        guard present.sequence == sequence, present.disk.unmounted == disk.unmounted else { throw Self.changed(disk) }
    }

    static func changed(_ disk: BlockDevice) -> Failure {
        Failure(
            "nas.changed", "\(disk.path) is not what it was when it was asked about. Nothing was done.",
            hint: "picli nas list", status: .tryAgain)
    }

    /// Tells this drive, and what is on it, from any other: for who was asked by another process.
    ///
    /// By the kernel's count, where it counts; the rest is against what has changed, not against an attacker.
    var seal: String {
        let fields = disk.unmounted.all.flatMap { device -> [String] in
            let texts: [String?] = [
                device.name, device.number, "\(device.size)", device.model, device.serial, device.table,
                device.partitionType, device.fileSystem, device.label, device.uuid,
            ]
            return texts.map { $0 ?? "-" }
        }
        let text = (fields + [kind.rawValue]).joined(separator: "\u{1F}")
        return "\(sequence ?? "-").\(String(text.digest, radix: 16))"
    }
}

extension BlockDevice {
    /// Itself, wherever it is mounted.
    var unmounted: BlockDevice {
        var device = self
        device.mountPoints = []
        device.children = children.map(\.unmounted)
        return device
    }
}
