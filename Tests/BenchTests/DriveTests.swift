import Bench
import Foundation
import Testing

/// Drives come and go while a camera records: real USB, udev, systemd, file systems and Samba.
@Suite("The camera's drive", .bench)
struct DriveTests {
    /// A file system as somebody else's computer made it, with a label that leads astray whoever takes it for more than text.
    private static let makings = [
        ("ext4", #"mkfs.ext4 -q -L "$(printf '../../\nx')" $l"#),
        ("exfat", #"mkfs.exfat -L '$(reboot);&' $l > /dev/null"#),
        ("vfat", #"mkfs.vfat -F 32 -n '`ID`$(X)&S' $l > /dev/null 2>&1"#),
        ("ntfs", #"mkntfs -q -Q -F -L "$(printf '/../%0.s' $(seq 30))" $l"#),
    ]

    @Test("each file system is put into its place, written to, and taken down when it is pulled out")
    func fileSystems() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench)
            for (number, (name, making)) in Self.makings.enumerated() {
                let image = try await site.image(making)
                let drive = try await bench.usb.plug(image, as: "stick\(number)")
                let record = try await site.record("sda1")
                #expect(record.contains(#""outcome":"attached""#), "\(name): \(record)")
                let sent = try await site.camera("put /root/clip clip.mp4; ls")
                #expect(sent.status == 0, "\(name): \(sent.output)\(sent.error)")
                #expect(try await bench.status("cmp /root/clip \(CameraSite.folder)/clip.mp4").status == 0, "\(name)")
                #expect(
                    try await bench.run("stat -c '%U:%G %a' \(CameraSite.folder)/clip.mp4") == "picli-camera:picli 660",
                    "\(name)")
                let options = try await bench.run("findmnt -n -o OPTIONS \(CameraSite.point)").split(separator: ",")
                for option in ["rw", "nosuid", "nodev", "noexec", "nosymfollow"] {
                    #expect(options.contains(Substring(option)), "\(name)")
                }
                try await drive.yank()
                #expect(try await site.unmounted() < 5000, "\(name)")
                #expect(try await bench.run("ls -A \(CameraSite.point); stat -c %a \(CameraSite.point)") == "0")
                #expect(try await bench.run("lsattr -d \(CameraSite.point)").prefix(20).contains("i"))
                #expect(try await site.camera("put /root/clip lost.mp4").status != 0, "\(name)")
                #expect(try await bench.status("touch \(CameraSite.point)/x").status != 0)
            }
            #expect(try await bench.run("systemctl show -P NRestarts picli-share") == "0")
        }
    }

    @Test("drives that are not ours to use are refused, each with its reason, and stay as they are")
    func refused() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench)
            let foreign = try await site.image("mkfs.ext4 -q $l; mount $l /mnt; echo x > /mnt/holiday.jpg; umount /mnt")
            let before = try Data(contentsOf: foreign)
            let drive = try await bench.usb.plug(foreign, as: "foreign")
            #expect(try await site.record("sda1").contains("nas.foreign"))
            try await drive.yank()
            #expect(try Data(contentsOf: foreign) == before, "a drive that is refused was written to")

            for command in ["attach vda", "format vda --erase vda", "format vdb --dry-run", "attach ../../etc/passwd"] {
                let refused = try await bench.status("picli nas \(command) --json")
                #expect(refused.output.contains("refused") || refused.status == 1, "\(command): \(refused)")
            }

            let blank = try await bench.usb.plug(try USB.image(megabytes: 96, in: bench.share), as: "blank")
            #expect(try await site.record("sda").contains("nas.unformatted"))
            let formatted = try await bench.status("picli nas format sda --erase blank --json")
            #expect(formatted.status == 0, "\(formatted.error)")
            #expect(try await bench.status("picli nas status --json").status == 0)

            let second = try await site.image("mkfs.ext4 -q $l")
            _ = try await bench.usb.plug(second, as: "second")
            #expect(try await site.record("sdb1").contains("nas.waits"))
            let ejected = try await bench.status("picli nas eject --json")
            #expect(ejected.output.contains(#""disk":"sda""#), "\(ejected.output)\(ejected.error)")
            try await bench.run(
                "n=0; until findmnt -n -o SOURCE \(CameraSite.point) | grep -q sdb1; do n=$((n + 1)); [ $n -lt 400 ]; sleep 0.1; done"
            )
            try await blank.yank()
            #expect(try await site.camera("put /root/clip clip.mp4").status == 0)
            for login in ["-A /root/login -m SMB2", "-N -m SMB3", "-U camera%wrong -m SMB3"] {
                #expect(try await site.camera("ls", login: login).status != 0, "\(login)")
            }
        }
    }

    @Test("pulled out while a camera records, ext4 keeps every clip that was finished")
    func yank() async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["PICLI_BENCH_YANKS"] ?? "") ?? 2
        try await Bench.resume(limit: .seconds(200 + 60 * rounds)) { bench in
            let site = try await CameraSite(bench)
            let image = try await site.image("mkfs.ext4 -q $l")
            var finished: [String] = []
            for round in 0...rounds {
                let drive = try await bench.usb.plug(image, as: "stick\(round)")
                let record = try await site.record("sda1")
                #expect(record.contains(#""outcome":"attached""#), "\(record)")
                for clip in finished {
                    let path = "\(CameraSite.folder)/\(clip)"
                    #expect(try await bench.status("cmp /root/clip \(path)").status == 0, "\(clip) is lost")
                }
                guard round < rounds else { break }
                try await bench.run("rm -f \(CameraSite.folder)/*")
                try await site.startRecording()
                try await site.recorded(3)
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...2500)))
                try await drive.yank()
                #expect(try await site.unmounted() < 5000)
                try await site.stopRecording()
                finished = try await site.finished()
                #expect(try await bench.status("systemctl is-active -q picli-share").status == 0)
            }
        }
    }
}
