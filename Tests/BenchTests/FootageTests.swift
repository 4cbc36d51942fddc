import Bench
import Foundation
import Site
import Testing

/// What the unit does with footage that is there: on a real drive, under its own user and in its own sandbox.
@Suite("The footage of the cameras", .bench)
struct FootageTests {
    private static let storage = "share: camera, retention: 30d"

    /// Clips of earlier days, as the camera would have left them: the machine's clock is on each of those days in turn, for
    /// nobody can set the time by which they go.
    private func fill(_ bench: Bench) async throws {
        try await bench.run(
            """
            cd \(CameraSite.folder); mkdir 2026; chown picli-camera:picli 2026; chmod 770 2026
            now=$(date +%s); trap 'date -s @$now > /dev/null' EXIT
            for day in 41 40 $(seq 25 -1 0); do
              date -s @$((now - day * 86400)) > /dev/null
              head -c 20000 /dev/urandom > 2026/$day.mp4; chown picli-camera:picli 2026/$day.mp4; chmod 660 2026/$day.mp4
            done
            # A camera that sets the times of its clips by a clock of its own.
            touch -d "400 days ago" 2026/0.mp4
            """)
    }

    private func waits(_ bench: Bench, _ condition: String, seconds: Int = 60) async throws {
        try await bench.run(
            "n=0; until \(condition); do n=$((n + 1)); [ $n -lt \(seconds * 4) ] || { journalctl -q -o cat -u picli | tail -20; exit 1; }; sleep 0.25; done"
        )
    }

    /// An emulated processor takes minutes to make so many.
    private static let isLong = ProcessInfo.processInfo.environment["PICLI_BENCH_CLIPS"] != nil

    @Test(
        "200,000 clips are met within minutes, and the drive can be ejected at any time meanwhile",
        .enabled(if: isLong, "by hand: PICLI_BENCH_CLIPS=1"))
    func many() async throws {
        try await Bench.resume(limit: .seconds(1800)) { bench in
            let site = try await CameraSite(bench, storage: Self.storage)
            let image = try await site.image("mkfs.ext4 -q -N 260000 $l", megabytes: 1024)
            let drive = try await bench.usb.plug(image, as: "first")
            try await site.waitUntilRecordable()
            try await bench.run(
                """
                python3 -c '
                import os
                for day in range(20):
                    folder = f"\(CameraSite.folder)/{day:02}"
                    os.mkdir(folder, 0o770)
                    for clip in range(10000): os.close(os.open(f"{folder}/{clip:05}.mp4", os.O_CREAT | os.O_WRONLY, 0o660))
                '
                chown -R picli-camera:picli \(CameraSite.folder); sync
                """)
            try await bench.unit.start(site: CameraSite.site(Self.storage))
            try await Task.sleep(for: .seconds(5))
            let ejected = try await bench.status("picli nas eject --json")
            #expect(ejected.status == 0, "\(ejected.error)")
            try await drive.yank()
            try await bench.usb.plug(image, as: "second")
            try await bench.unit.value("footage.clips", 200_000, within: .seconds(600))
            let footprint = try await bench.unit.footprint()
            #expect(footprint.anonymous < 40_000_000, "\(footprint)")
            let index = Int(try await bench.run("stat -c %s /run/picli/footage.sqlite")) ?? .max
            #expect(index < 60_000_000)
        }
    }

    /// As root at the control socket, who is an admin there.
    private static let ask =
        "curl -s --unix-socket /run/picli/control.sock -H 'Content-Type: application/json' http://unit"

    @Test(
        "the unit's service sends clips, ejects a drive and erases one by asking root; nobody else of its group is heard"
    )
    func door() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench, storage: Self.storage)
            let drive = try await bench.usb.plug(try await site.image("mkfs.ext4 -q $l"), as: "first")
            #expect(try await site.record("sda1").contains("attached"))
            try await bench.unit.start(site: CameraSite.site(Self.storage))
            #expect(try await site.camera("put /root/clip new.mp4").status == 0)
            try await waits(bench, "\(Self.ask)/api/v1/footage/clips | grep -q camera/new.mp4")
            let clip = "\(Self.ask)/footage/clip?path=camera/new.mp4"
            #expect(try await bench.status("\(clip) | cmp - /root/clip").status == 0)
            let part = try await bench.run(
                "\(clip) -H 'Range: bytes=1000000-1000099' | cmp -n 100 -i 0:1000000 - /root/clip; echo $?")
            #expect(part == "0")

            let stranger = """
                import socket
                peer = socket.socket(socket.AF_UNIX)
                peer.connect("/run/picli-root/root.sock")
                peer.send(b'{"call":"eject"}\\n')
                print(peer.recv(4096).decode())

                """
            let refused = try await bench.run(
                "setpriv --reuid=nobody --regid=picli --clear-groups python3 -", input: Data(stranger.utf8))
            #expect(refused.contains("root.notPermitted"), "\(refused)")

            let ejected = try await bench.run("\(Self.ask)/api/v1/footage/eject -X POST")
            #expect(ejected.contains(#""kind":"eject""#), "\(ejected)")
            try await waits(bench, "\(Self.ask)/api/v1/footage | grep -q 'sda may be pulled out'")
            #expect(try await bench.status("findmnt -n \(CameraSite.point)").status != 0)
            try await drive.yank()

            _ = try await bench.usb.plug(try USB.image(megabytes: 96, in: bench.share), as: "blank")
            #expect(try await site.record("sda").contains("nas.unformatted"))
            let offer = try await bench.run("\(Self.ask)/api/v1/footage/offer -d '{\"device\":\"sda\"}'")
            let seal = try #require(offer.firstMatch(of: /"seal":"([^"]+)"/)?.1, "\(offer)")
            let name = try #require(offer.firstMatch(of: /"name":"([^"]+)"/)?.1, "\(offer)")
            let order = "\(Self.ask)/api/v1/footage/format -d"
            let wrong = try await bench.run(
                "\(order) '{\"device\":\"sda\",\"seal\":\"\(seal)\",\"name\":\"wrong\"}'")
            #expect(wrong.contains("nas.unconfirmed"), "\(wrong)")
            try await bench.run("\(order) '{\"device\":\"sda\",\"seal\":\"\(seal)\",\"name\":\"\(name)\"}'")
            try await site.waitUntilRecordable()
            let audit = try await bench.run("picli audit list --json")
            #expect(audit.contains("drive.eject") && audit.contains("drive.format"), "\(audit)")
        }
    }

    @Test("what is too old goes, what is protected stays; a drive may come before the unit or after it")
    func retention() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench, storage: Self.storage)
            let image = try await site.image("mkfs.ext4 -q $l")
            var drive = try await bench.usb.plug(image, as: "first")
            #expect(try await site.record("sda1").contains("attached"))
            try await fill(bench)
            #expect(try await bench.status("picli nas protect --from 2020-01-01 --since 1h").status == 64)
            let from = try await bench.run("date -u -d '41 days ago 1 hour ago' +%FT%TZ")
            let to = try await bench.run("date -u -d '41 days ago' +%FT%TZ")
            let list = try await bench.run("picli nas protect --from \(from) --to \(to) --note claim --json")
            #expect(list.contains(#""note":"claim""#), "\(list)")
            let dry = try await bench.run("picli nas prune --dry-run --json")
            #expect(dry.contains(#""clips":1"#), "\(dry)")

            // The drive is there when the unit starts, and the clock is known to be right.
            try await bench.unit.start(site: CameraSite.site(Self.storage))
            try await waits(bench, "! [ -e \(CameraSite.folder)/2026/40.mp4 ]")
            #expect(try await bench.run("ls \(CameraSite.folder)/2026 | wc -l") == "27")
            #expect(try await bench.status("test -e \(CameraSite.folder)/2026/41.mp4").status == 0)
            #expect(try await site.camera("put /root/clip new.mp4").status == 0)

            // Pulled out and put in again beneath the running unit.
            try await drive.yank()
            #expect(try await site.unmounted() < 5000)
            drive = try await bench.usb.plug(image, as: "second")
            #expect(try await site.record("sda1").contains("attached"))
            try await bench.run("picli nas protect --remove 1")
            try await waits(bench, "! [ -e \(CameraSite.folder)/2026/41.mp4 ]")
            let events = try await bench.run("curl -s 'http://127.0.0.1:8080/api/v1/events'")
            #expect(events.contains("drive.gone") && events.contains("drive.attached"), "\(events)")
            let readings = try await bench.unit.latest().map(\.metric.name)
            #expect(readings.contains("footage.newest_age@camera") && readings.contains("footage.kept"), "\(readings)")
            #expect(try await bench.unit.isActive())
        }
    }
}
