import FoundationEssentials
public import Platform

extension BlockDevices {
    /// Asks lsblk(8), which takes what udev has found and looks itself where udev has not yet.
    public static let question = Command(
        "lsblk",
        [
            "--json", "--bytes", "--output",
            // Without NAME it gives no tree, and then nobody knows what a partition belongs to.
            "NAME,KNAME,MAJ:MIN,TYPE,TRAN,RO,SIZE,MODEL,SERIAL,PTTYPE,PARTTYPE,FSTYPE,LABEL,UUID,MOUNTPOINTS",
        ], timeout: .seconds(20), outputLimit: 4 << 20)

    /// Reads the answer; labels may hold any bytes, and those that are not UTF-8 become U+FFFD.
    ///
    /// - Throws: `nas.lsblk`.
    public init(lsblk bytes: [UInt8]) throws(Failure) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)) else {
            throw Failure("nas.lsblk", "lsblk gives an answer that cannot be read.", hint: "lsblk --json")
        }
        self.init(disks: answer.blockdevices.map { $0.device(isOnUSB: false) })
    }

    private struct Answer: Decodable {
        let blockdevices: [Row]
    }

    private struct Row: Decodable {
        let kname: String
        let number: String
        let type: String
        let tran: String?
        let ro: Bool
        let size: UInt64?
        let model: String?
        let serial: String?
        let pttype: String?
        let parttype: String?
        let fstype: String?
        let label: String?
        let uuid: String?
        let mountpoints: [String?]?
        let children: [Row]?

        enum CodingKeys: String, CodingKey {
            case kname, type, tran, ro, size, model, serial, pttype, parttype, fstype, label, uuid, mountpoints
            case children
            case number = "maj:min"
        }

        /// Only the disk's own row says how it is connected.
        func device(isOnUSB isParentOnUSB: Bool) -> BlockDevice {
            let isOnUSB = tran == "usb" || isParentOnUSB
            return BlockDevice(
                kname, number: number, kind: type == "disk" ? .disk : type == "part" ? .partition : .built,
                isOnUSB: isOnUSB, isReadOnly: ro, size: size ?? 0, model: model, serial: serial, table: pttype,
                partitionType: parttype?.lowercased(), fileSystem: fstype, label: label, uuid: uuid,
                mountPoints: (mountpoints ?? []).compactMap(\.self),
                children: (children ?? []).map { $0.device(isOnUSB: isOnUSB) })
        }
    }
}
