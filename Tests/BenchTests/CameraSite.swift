import Bench
import Foundation

/// A provisioned unit with its share, a camera that may log in to it, and drives as their owners made them.
struct CameraSite {
    static let unit = "pi-bench234"
    static let point = "/srv/camera"
    /// Where the camera's clips are.
    static let folder = "\(point)/footage/\(unit)/camera"

    static func site(_ storage: String) -> String {
        """
        site: { name: Bench, deployment: acme }
        network:
          interface: lan
          unit: \(Network.unit)/24
          camera: { address: \(Network.Host.camera.address) }
        storage: { \(storage) }
        """
    }

    /// A database's.
    private static func id(_ number: Int) -> String { "019ca8a5-0000-7000-8000-00000000000\(number)" }

    let bench: Bench

    /// Makes the unit, and has its share served.
    init(_ bench: Bench, storage: String = "share: camera") async throws {
        self.bench = bench
        try await bench.network.start()
        try await bench.unit.configure(site: Self.site(storage))
        try await bench.run(
            """
            mkdir -p /var/lib/picli/identity; cd /var/lib/picli/identity
            echo '{"schema":1,"unit":"\(Self.unit)","created":"2026-03-01T08:00:00Z","databases":{"history":{"id":"\(Self.id(1))"},
              "journal":{"id":"\(Self.id(2))"},"logs":{"id":"\(Self.id(3))"}}}' > unit.json; chown -R picli:picli .
            systemctl start picli-host || { journalctl -q --no-pager -o cat -u picli-host | tail -20 >&2; exit 1; }
            n=0; until systemctl is-active -q picli-share; do n=$((n + 1)); [ $n -lt 300 ]; sleep 0.1; done
            echo "username=camera
            password=$(cat /var/lib/picli-nas/camera)" > /root/login; head -c 3000000 /dev/urandom > /root/clip
            """)
    }

    /// What a camera says to its share.
    ///
    /// - Parameter login: How it says who it is, and the newest protocol that it knows.
    func camera(_ commands: String, login: String = "-A /root/login -m SMB3") async throws -> Bench.Run {
        try await bench.status(
            "ip netns exec camera smbclient //\(Network.unit)/camera \(login) -t 30 -c '\(commands)'")
    }

    /// A drive with one partition, made as its owner would have it, then pulled out again.
    ///
    /// - Parameter making: Commands that find the partition as `$l`.
    func image(_ making: String, megabytes: Int = 96) async throws -> URL {
        let image = try USB.image(megabytes: megabytes, in: bench.share)
        try await bench.run(
            """
            f=/share/\(image.lastPathComponent); printf 'label: dos\\nstart=2048, type=83\\n' | sfdisk -q $f
            l=$(losetup --find --show --offset 1048576 $f); \(making); losetup -d $l; sync $f
            """)
        return image
    }

    /// Waits until a device's decision is known, and returns its record.
    func record(_ device: String, within seconds: Int = 40) async throws -> String {
        try await bench.run(
            """
            n=0; until [ -s /run/picli-nas/\(device).json ]; do n=$((n + 1)); [ $n -lt \(seconds * 20) ] || {
              lsblk --fs; systemctl status --no-pager 'picli-nas@*'; journalctl -q --no-pager -o cat | tail -40; exit 1; }; sleep 0.05; done
            cat /run/picli-nas/\(device).json
            """)
    }

    /// Waits until the camera can record, whatever its drive is called.
    func waitUntilRecordable(within seconds: Int = 60) async throws {
        try await bench.run(
            """
            n=0; until findmnt -n --mountpoint \(Self.point) > /dev/null &&
                ip netns exec camera smbclient //\(Network.unit)/camera -A /root/login -m SMB3 -t 10 -c 'put /etc/hostname probe; del probe'
            do n=$((n + 1)); [ $n -lt \(seconds) ] || {
              lsblk --fs; cat /run/picli-nas/*.json; journalctl -q --no-pager -o cat | tail -40; exit 1; }; sleep 1; done
            """)
    }

    /// Waits until nothing is mounted, and says in milliseconds how long that took.
    func unmounted() async throws -> Int {
        Int(
            try await bench.run(
                """
                s=$(date +%s%3N); n=0
                while findmnt -n --mountpoint \(Self.point) > /dev/null; do n=$((n + 1)); [ $n -lt 300 ]; sleep 0.05; done
                echo $(($(date +%s%3N) - s))
                """)) ?? .max
    }

    /// A camera: one clip after the other, each of them `/root/clip`; a name is noted when the share has said that it is closed.
    func startRecording() async throws {
        try await bench.run(
            """
            cat > /root/record <<'END'
            n=0; while [ -e /root/recording ]; do n=$((n + 1))
              smbclient //\(Network.unit)/camera -A /root/login -m SMB3 -t 20 -c "put /root/clip $n.mp4" && echo $n.mp4 >> /root/done
            done
            END
            rm -f /root/done; touch /root/recording
            setsid ip netns exec camera sh /root/record > /root/log 2>&1 < /dev/null &
            """)
    }

    /// Waits until so many clips are finished.
    func recorded(_ clips: Int) async throws {
        try await bench.run(
            """
            n=0; until [ $(cat /root/done 2> /dev/null | wc -l) -ge \(clips) ]; do n=$((n + 1)); [ $n -lt 600 ] || {
              tail /root/log; exit 1; }; sleep 0.1; done
            """)
    }

    func stopRecording() async throws {
        try await bench.run(
            "rm /root/recording; n=0; while pgrep -f /root/record > /dev/null; do n=$((n + 1)); [ $n -lt 400 ]; sleep 0.1; done"
        )
    }

    /// The clips that are finished.
    func finished() async throws -> [String] {
        try await bench.run("cat /root/done").split(separator: "\n").map(String.init)
    }
}
