import Platform

/// File systems with a disk or a server behind them: size, free space, read-only.
struct BoardFileSystems: Sendable {
    /// Types that only look like one: always full, or made of memory.
    private static let passedOver: Set<String> = ["squashfs", "iso9660", "erofs", "cramfs", "udf"]
    /// Types whose source is not a device.
    private static let withoutDevice: Set<String> = [
        "btrfs", "zfs", "nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "fuse.sshfs", "overlay",
    ]

    let space: FileSystemSpaceReader

    /// One mount for each file system: the whole of it rather than a bind mount, the shortest path first.
    static func mounts(_ table: MountTable) -> [Mount] {
        let real = table.mounts.filter { mount in
            guard !passedOver.contains(mount.type) else { return false }
            if mount.type == "overlay" { return mount.point == "/" }
            return mount.source.hasPrefix("/dev/") || withoutDevice.contains(mount.type)
        }
        var chosen: [String: Mount] = [:]
        for mount in real where chosen[mount.device].map({ isBetter(mount, than: $0) }) ?? true {
            chosen[mount.device] = mount
        }
        // A mount over another hides it: the last one at a point is the one that is seen.
        let seen = Dictionary(chosen.values.map { ($0.point, $0) }) { first, second in
            (real.lastIndex(of: second) ?? 0) > (real.lastIndex(of: first) ?? 0) ? second : first
        }
        return seen.values.sorted { $0.point < $1.point }
    }

    private static func isBetter(_ mount: Mount, than other: Mount) -> Bool {
        if (mount.root == "/") != (other.root == "/") { return mount.root == "/" }
        return mount.point.utf8.count < other.point.utf8.count
    }

    /// All at once: one that hangs delays no other.
    func figures(_ table: MountTable) async -> [BoardFigure] {
        let mounts = Self.mounts(table)
        let parts = await withTaskGroup(of: (Int, [BoardFigure]).self) { group in
            for (index, mount) in mounts.enumerated() {
                group.addTask { (index, await figures(of: mount)) }
            }
            return await group.reduce(into: [Int: [BoardFigure]]()) { $0[$1.0] = $1.1 }
        }
        return mounts.indices.flatMap { parts[$0] ?? [] }
    }

    private func figures(of mount: Mount) async -> [BoardFigure] {
        let readOnly = BoardFigure(.filesystemReadOnly, mount.point, isOn: mount.isFileSystemReadOnly)
        do {
            let space = try await space.space(of: mount.point)
            guard space.size > 0, space.available <= space.size else {
                let fault = BoardFault(
                    .garbage, "\(mount.point) says \(space.available) of \(space.size) bytes are free")
                return Self.failed(mount, fault) + [readOnly]
            }
            return [
                BoardFigure(.filesystemSize, mount.point, value: Double(space.size)),
                BoardFigure(.filesystemFree, mount.point, value: Double(space.available)), readOnly,
            ]
        } catch is DeadlineExceeded {
            return Self.failed(mount, BoardFault(.hung, "\(mount.point) (\(mount.source)) does not answer")) + [
                readOnly
            ]
        } catch {
            return Self.failed(mount, BoardFault(.unreadable, "\(mount.point): \(error)")) + [readOnly]
        }
    }

    private static func failed(_ mount: Mount, _ fault: BoardFault) -> [BoardFigure] {
        [
            BoardFigure(.filesystemSize, mount.point, .failure(fault)),
            BoardFigure(.filesystemFree, mount.point, .failure(fault)),
        ]
    }
}
