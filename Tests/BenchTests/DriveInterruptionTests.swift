import Bench
import Foundation
import Site
import Testing

/// Drives are pulled out and changed at the wrong moment, and what runs on the unit is started anew beneath a camera.
@Suite("The camera's drive, interrupted", .bench)
struct DriveInterruptionTests {
    /// It was in use when it was pulled out: it is checked before it is mounted.
    private static let used = "mkfs.ext4 -q $l; mount $l /mnt; sync; cp $f $f.x; umount /mnt; cp $f.x $f; rm $f.x"

    @Test("pulled out while it is looked at, checked or mounted: nothing stays, and the next time it is used")
    func attaching() async throws {
        try await Bench.resume(limit: .seconds(500)) { bench in
            let site = try await CameraSite(bench)
            let image = try await site.image(Self.used)
            for (round, delay) in [100, 800, 1600, 3000, 5000].enumerated() {
                let drive = try await bench.usb.plug(image, as: "stick\(round)")
                try await Task.sleep(for: .milliseconds(delay))
                try await drive.yank()
                #expect(try await site.unmounted() < 5000, "after \(delay) ms")
                #expect(try await bench.status("touch \(CameraSite.point)/x").status != 0, "after \(delay) ms")
            }
            try await bench.usb.plug(image, as: "last")
            try await site.waitUntilRecordable()
            #expect(try await bench.run("ls /run/picli-nas | grep -c json") == "1", "a drive that is gone has a record")
            #expect(try await bench.status("systemctl is-active -q picli-share").status == 0)
        }
    }

    @Test("pulled out while it is ejected: what was finished is whole")
    func ejecting() async throws {
        try await Bench.resume(limit: .seconds(400)) { bench in
            let site = try await CameraSite(bench)
            let image = try await site.image("mkfs.ext4 -q $l")
            for (round, delay) in [0, 400, 1200].enumerated() {
                let drive = try await bench.usb.plug(image, as: "stick\(round)")
                try await site.waitUntilRecordable()
                #expect(try await site.camera("put /root/clip \(round).mp4").status == 0)
                try await bench.run("setsid picli nas eject > /root/eject 2>&1 < /dev/null &")
                try await Task.sleep(for: .milliseconds(delay))
                try await drive.yank()
                #expect(try await site.unmounted() < 5000, "after \(delay) ms")
            }
            try await bench.usb.plug(image, as: "last")
            try await site.waitUntilRecordable()
            for round in 0..<3 {
                let clip = "\(CameraSite.folder)/\(round).mp4"
                #expect(try await bench.status("cmp /root/clip \(clip)").status == 0, "\(round).mp4 is lost")
            }
        }
    }

    @Test("changed for another one within a moment: cameras record to the other one")
    func changed() async throws {
        try await Bench.resume(limit: .seconds(300)) { bench in
            let site = try await CameraSite(bench)
            let first = try await site.image("mkfs.ext4 -q $l")
            let second = try await site.image("mkfs.ext4 -q -L second $l")
            var drive = try await bench.usb.plug(first, as: "first")
            try await site.waitUntilRecordable()
            for (round, image) in [second, first, second].enumerated() {
                try await drive.yank()
                drive = try await bench.usb.plug(image, as: "drive\(round)")
                try await site.waitUntilRecordable()
            }
            #expect(try await bench.run("findmnt -n -o LABEL \(CameraSite.point)") == "second")
        }
    }

    @Test("services that start while a drive is there let go of it, and see the next one")
    func namespaces() async throws {
        try await Bench.resume(limit: .seconds(300)) { bench in
            let site = try await CameraSite(bench)
            var drive = try await bench.usb.plug(try await site.image("mkfs.ext4 -q $l"), as: "first")
            try await site.waitUntilRecordable()
            try await bench.unit.start(site: CameraSite.site("share: camera"))
            try await bench.run("systemctl restart picli-share")
            try await site.waitUntilRecordable()
            try await drive.yank()
            #expect(try await site.unmounted() < 5000)
            #expect(try await bench.run("cat /proc/[0-9]*/mountinfo | grep -c ' \(CameraSite.point) ' || true") == "0")

            drive = try await bench.usb.plug(try await site.image("mkfs.ext4 -q -L second $l"), as: "second")
            try await site.waitUntilRecordable()
            #expect(try await site.camera("put /root/clip clip.mp4").status == 0)
            #expect(try await bench.status("cmp /root/clip \(CameraSite.folder)/clip.mp4").status == 0)
            let ejected = try await bench.status("picli nas eject --json")
            #expect(ejected.status == 0, "\(ejected.error)")
            #expect(try await bench.run("cat /proc/[0-9]*/mountinfo | grep -c ' \(CameraSite.point) ' || true") == "0")
            try await drive.yank()
        }
    }

    @Test("a drive that hangs holds up nothing but those who wait for it, and is told; pulled out, it is gone at once")
    func hanging() async throws {
        try await Bench.resume(limit: .seconds(500)) { bench in
            let site = try await CameraSite(bench)
            let drive = try await bench.usb.plug(try await site.image("mkfs.ext4 -q $l"), as: "slow", isPaced: true)
            try await site.waitUntilRecordable()
            try await bench.unit.start(site: CameraSite.site("share: camera"))
            try await bench.unit.value("footage.clips", 0, within: .seconds(90))
            try await drive.pace(1)
            try await bench.run(
                "setsid ip netns exec camera smbclient //\(Network.unit)/camera -A /root/login -m SMB3 -t 300 -c 'put /root/clip clip.mp4' > /root/log 2>&1 < /dev/null &"
            )
            let end = ContinuousClock.now + .seconds(240)
            while try await !bench.unit.events().contains(where: { $0.event.code.rawValue == "drive.hung" }) {
                try #require(ContinuousClock.now < end, "nobody says that the drive hangs")
                // Everything else is read as ever.
                let before = try await bench.unit.reading("board.uptime", "a value") { $0.value != nil }
                try await bench.unit.reading("board.uptime", "a later one", within: .seconds(30)) {
                    ($0.value ?? 0) > (before.value ?? 0)
                }
                #expect(try await bench.status("timeout 20 picli nas status").status != 124)
            }
            try await drive.yank()
            #expect(try await site.unmounted() < 5000)
            #expect(try await bench.unit.restarts() == 0)
        }
    }

    @Test("the unit and its host's texts are started anew beneath a camera that records: no finished clip is lost")
    func restarts() async throws {
        try await Bench.resume(limit: .seconds(300)) { bench in
            let site = try await CameraSite(bench)
            try await bench.unit.start(site: CameraSite.site("share: camera"))
            try await bench.usb.plug(try await site.image("mkfs.ext4 -q $l"))
            try await site.waitUntilRecordable()
            let smbd = try await bench.run("systemctl show -P MainPID picli-share")
            try await site.startRecording()
            try await site.recorded(2)
            try await bench.run("systemctl restart picli")
            try await bench.run("systemctl restart picli-host")
            try await site.recorded(5)
            try await site.stopRecording()
            for clip in try await site.finished() {
                let path = "\(CameraSite.folder)/\(clip)"
                #expect(try await bench.status("cmp /root/clip \(path)").status == 0, "\(clip) is lost")
            }
            #expect(try await bench.run("systemctl show -P MainPID picli-share") == smbd, "smbd was started anew")
        }
    }
}
