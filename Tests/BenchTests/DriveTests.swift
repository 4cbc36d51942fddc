import Bench
import Foundation
import Testing

/// Drives come and go while a camera records: real USB, udev, systemd, file systems and Samba.
@Suite("The camera's drive", .bench)
struct DriveTests {
    private static let unit = "pi-bench234"
    private static let point = "/srv/camera"
    private static let folder = "\(point)/footage/\(unit)/camera"

    private static func site(_ storage: String) -> String {
        """
        site: { name: Bench, deployment: acme }
        network:
          interface: lan
          unit: \(Network.unit)/24
          camera: { address: \(Network.Host.camera.address) }
        storage: { \(storage) }
        """
    }

    /// A provisioned unit with its share, and a camera that may log in.
    private func start(_ bench: Bench, storage: String = "share: camera") async throws {
        try await bench.network.start()
        try await bench.unit.configure(site: Self.site(storage))
        try await bench.run(
            """
            mkdir -p /var/lib/picli/identity; echo '{"unit":"\(Self.unit)"}' > /var/lib/picli/identity/unit.json
            systemctl start picli-host || { journalctl -q --no-pager -o cat -u picli-host | tail -20 >&2; exit 1; }
            n=0; until systemctl is-active -q picli-share; do n=$((n + 1)); [ $n -lt 300 ]; sleep 0.1; done
            echo "username=camera
            password=$(cat /var/lib/picli-nas/camera)" > /root/login; head -c 3000000 /dev/urandom > /root/clip
            """)
    }

    /// What a camera says to its share.
    private func camera(_ commands: String, on bench: Bench) async throws -> Bench.Run {
        try await bench.status(
            "ip netns exec camera smbclient //\(Network.unit)/camera -A /root/login -m SMB3 -t 30 -c '\(commands)'")
    }

    /// A drive with one partition, made as its owner would have it, then pulled out again.
    private func image(_ bench: Bench, _ making: String, name: String) async throws -> URL {
        let image = try USB.image(megabytes: 96, in: bench.share)
        try await bench.run(
            """
            f=/share/\(image.lastPathComponent); printf 'label: dos\\nstart=2048, type=83\\n' | sfdisk -q $f
            l=$(losetup --find --show --offset 1048576 $f); \(making); losetup -d $l; sync $f
            """)
        return image
    }

    /// Waits until a device's decision is known, and returns its record.
    private func record(_ device: String, on bench: Bench, within seconds: Int = 40) async throws -> String {
        try await bench.run(
            """
            n=0; until [ -s /run/picli-nas/\(device).json ]; do n=$((n + 1)); [ $n -lt \(seconds * 20) ]; sleep 0.05; done
            cat /run/picli-nas/\(device).json
            """)
    }

    /// Waits until nothing is mounted, and says in milliseconds how long that took.
    private func unmounted(_ bench: Bench) async throws -> Int {
        Int(
            try await bench.run(
                """
                s=$(date +%s%3N); n=0
                while findmnt -n --mountpoint \(Self.point) > /dev/null; do n=$((n + 1)); [ $n -lt 300 ]; sleep 0.05; done
                echo $(($(date +%s%3N) - s))
                """)) ?? .max
    }

    @Test("each file system is put into its place, written to, and taken down when it is pulled out")
    func fileSystems() async throws {
        try await Bench.resume { bench in
            try await start(bench)
            let makings = [
                ("ext4", #"mkfs.ext4 -q -L "$(printf '../\nx')" $l"#), ("exfat", "mkfs.exfat $l > /dev/null"),
                ("vfat", "mkfs.vfat -F 32 $l > /dev/null"), ("ntfs", "mkntfs -q -Q -F $l"),
            ]
            for (number, (name, making)) in makings.enumerated() {
                let image = try await image(bench, making, name: name)
                let drive = try await bench.usb.plug(image, as: "stick\(number)")
                let record = try await record("sda1", on: bench)
                #expect(record.contains(#""outcome":"attached""#), "\(name): \(record)")
                let sent = try await camera("put /root/clip clip.mp4; ls", on: bench)
                #expect(sent.status == 0, "\(name): \(sent.output)\(sent.error)")
                #expect(try await bench.status("cmp /root/clip \(Self.folder)/clip.mp4").status == 0, "\(name)")
                #expect(
                    try await bench.run("stat -c '%U:%G %a' \(Self.folder)/clip.mp4") == "picli-camera:picli 660",
                    "\(name)")
                try await drive.yank()
                #expect(try await unmounted(bench) < 5000, "\(name)")
                #expect(try await bench.run("ls -A \(Self.point); stat -c %a \(Self.point)") == "0")
                #expect(try await camera("put /root/clip lost.mp4", on: bench).status != 0, "\(name)")
                #expect(try await bench.status("touch \(Self.point)/x").status != 0)
            }
        }
    }

    @Test("drives that are not ours to use are refused, each with its reason, and stay as they are")
    func refused() async throws {
        try await Bench.resume { bench in
            try await start(bench)
            let foreign = try await image(
                bench, "mkfs.ext4 -q $l; mount $l /mnt; echo x > /mnt/holiday.jpg; umount /mnt", name: "foreign")
            let before = try Data(contentsOf: foreign)
            let drive = try await bench.usb.plug(foreign, as: "foreign")
            #expect(try await record("sda1", on: bench).contains("nas.foreign"))
            try await drive.yank()
            #expect(try Data(contentsOf: foreign) == before, "a drive that is refused was written to")

            let blank = try await bench.usb.plug(try USB.image(megabytes: 96, in: bench.share), as: "blank")
            #expect(try await record("sda", on: bench).contains("nas.unformatted"))
            let formatted = try await bench.status("picli nas format sda --erase blank --json")
            #expect(formatted.status == 0, "\(formatted.error)")
            #expect(try await bench.status("picli nas status --json").status == 0)

            let second = try await image(bench, "mkfs.ext4 -q $l", name: "second")
            _ = try await bench.usb.plug(second, as: "second")
            #expect(try await record("sdb1", on: bench).contains("nas.waits"))
            let ejected = try await bench.status("picli nas eject --json")
            #expect(ejected.output.contains(#""disk":"sda""#), "\(ejected.output)\(ejected.error)")
            try await bench.run(
                "n=0; until findmnt -n -o SOURCE \(Self.point) | grep -q sdb1; do n=$((n + 1)); [ $n -lt 400 ]; sleep 0.1; done"
            )
            try await blank.yank()
            #expect(try await camera("put /root/clip clip.mp4", on: bench).status == 0)
        }
    }

    @Test("pulled out while a camera records, ext4 keeps every clip that was finished")
    func yank() async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["PICLI_BENCH_YANKS"] ?? "") ?? 2
        try await Bench.resume(limit: .seconds(200 + 60 * rounds)) { bench in
            try await start(bench)
            let image = try await image(bench, "mkfs.ext4 -q $l", name: "ext4")
            var finished: Set<String> = []
            for round in 0..<rounds {
                let drive = try await bench.usb.plug(image, as: "stick\(round)")
                let record = try await record("sda1", on: bench)
                #expect(record.contains(#""outcome":"attached""#), "\(record)")
                for clip in finished {
                    #expect(
                        try await bench.status("cmp /root/clip \(Self.folder)/\(clip)").status == 0, "\(clip) is lost")
                }
                try await bench.run("rm -f \(Self.folder)/*; rm -f /root/done")
                finished = []
                // A camera: one clip after the other; a name is noted when the share has said that the clip is closed.
                try await bench.run(
                    """
                    cat > /root/record <<'END'
                    n=0; while [ -e /root/recording ]; do n=$((n + 1))
                      smbclient //\(Network.unit)/camera -A /root/login -m SMB3 -t 20 -c "put /root/clip $n.mp4" && echo $n.mp4 >> /root/done
                    done
                    END
                    touch /root/recording; setsid ip netns exec camera sh /root/record > /root/log 2>&1 < /dev/null &
                    n=0; until [ $(cat /root/done 2> /dev/null | wc -l) -ge 3 ]; do n=$((n + 1)); [ $n -lt 600 ]; sleep 0.1; done
                    """)
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...2500)))
                try await drive.yank()
                #expect(try await unmounted(bench) < 5000)
                try await bench.run(
                    "rm /root/recording; n=0; while pgrep -f /root/record > /dev/null; do n=$((n + 1)); [ $n -lt 400 ]; sleep 0.1; done"
                )
                finished = Set(try await bench.run("cat /root/done").split(separator: "\n").map(String.init))
                #expect(finished.count >= 3)
                #expect(try await bench.status("systemctl is-active -q picli-share").status == 0)
            }
        }
    }
}
