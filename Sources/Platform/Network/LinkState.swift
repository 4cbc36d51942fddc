/// Whether an interface of this machine has its cable, as the kernel says.
public enum LinkState: Hashable, Sendable {
    case up
    /// Switched off, or without a carrier.
    case down
    /// There is no such interface.
    case absent

    /// Reads `carrier` of `/sys/class/net/NAME` (sysfs-class-net of the kernel's documentation): 1, 0, or no answer while
    /// the interface is switched off.
    public init(of interface: String, below root: String = "/sys/class/net") {
        let folder = "\(root)/\(interface)"
        guard FileKind(of: folder) == .directory else {
            self = .absent
            return
        }
        let text = try? Descriptor(opening: "\(folder)/carrier", 0).read(upTo: 16)
        self = text.map { $0.first == UInt8(ascii: "1") } ?? false ? .up : .down
    }
}
