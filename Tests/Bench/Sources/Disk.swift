extension Bench {
    /// The data disk, mounted at `/var/lib/picli`.
    public nonisolated var disk: Disk { Disk(bench: self) }
}

/// The block device under the unit's state; device-mapper stands between, so it can be made to fail.
public struct Disk: Sendable {
    let bench: Bench

    /// Every request waits, as on a card that has stopped to answer.
    public func suspend() async throws { try await bench.run("dmsetup suspend --noflush --nolockfs data") }

    /// Answers again, whatever it did before.
    public func resume() async throws {
        try await bench.run(
            """
            dmsetup suspend --noflush --nolockfs data
            dmsetup load data --table "0 $(blockdev --getsz /dev/vdb) linear /dev/vdb 0"; dmsetup resume data
            """)
    }

    /// Every request ends with EIO.
    public func fail() async throws { try await load(#"error"#) }

    /// Reads succeed, writes end with EIO.
    public func failWrites() async throws {
        try await bench.run("modprobe dm-flakey")
        try await load("flakey /dev/vdb 0 0 60 1 error_writes")
    }

    /// As a technician does it: whole again, checked, mounted again.
    ///
    /// Nothing may use it meanwhile.
    public func repair() async throws {
        try await resume()
        try await bench.run(
            "umount /var/lib/picli; e2fsck -fy /dev/mapper/data || [ $? -le 1 ]; mount -o noatime /dev/mapper/data /var/lib/picli"
        )
    }

    private func load(_ target: String) async throws {
        try await bench.run(
            """
            dmsetup suspend --noflush --nolockfs data
            dmsetup load data --table "0 $(blockdev --getsz /dev/vdb) \(target)"; dmsetup resume data
            """)
    }

    /// The file system turns read-only, as ext4 does after an error.
    public func remountReadOnly() async throws {
        try await bench.run(
            "echo u > /proc/sysrq-trigger; until grep -q ' /var/lib/picli ext4 ro' /proc/mounts; do sleep 0.05; done")
    }

    /// Fills it until `bytes` are left.
    public func fill(leaving bytes: Int = 0) async throws {
        try await bench.run(
            """
            cd /var/lib/picli; free=$(($(stat -f -c '%a * %S' .))); size=$((free - \(bytes)))
            fallocate -l $size .bench-filler 2>/dev/null || dd if=/dev/zero of=.bench-filler bs=64k status=none || true
            """)
    }

    public func empty() async throws { try await bench.run("rm -f /var/lib/picli/.bench-filler") }
}
