import Bench
import Foundation
import Testing

/// Drives in the states in which people plug them in.
@Suite("The camera's drive, whatever its state", .bench)
struct DriveStateTests {
    /// What is done to a drive before it is plugged in, and what must become of it.
    private struct State {
        let name: String
        let making: String
        var device = "sda1"
        var isReadOnly = false
        var outcome = "attached"
        var code: String?
    }

    private static let states = [
        State(
            name: "ext4 that was in use",
            making: "mkfs.ext4 -q $l; mount $l /mnt; sync; cp $f $f.x; umount /mnt; cp $f.x $f"),
        State(
            name: "ext4 with a wrong count of free blocks",
            making: "mkfs.ext4 -q $l; debugfs -w -R 'ssv free_blocks_count 7' $l; debugfs -w -R 'ssv state 2' $l"),
        State(
            name: "ext4 without its root",
            making: "mkfs.ext4 -q $l; debugfs -w -R 'clri <2>' $l; debugfs -w -R 'ssv state 2' $l",
            outcome: "failed", code: "nas.unreadable"),
        State(
            name: "exFAT that was in use",
            making: #"mkfs.exfat $l > /dev/null; printf '\2' | dd of=$l bs=1 seek=106 conv=notrunc status=none"#),
        State(
            name: "FAT32 that was in use",
            making: #"mkfs.vfat -F 32 $l > /dev/null; printf '\1' | dd of=$l bs=1 seek=65 conv=notrunc status=none"#),
        State(
            name: "no table",
            making: "losetup -d $l; l=$(losetup --find --show $f); wipefs -qa $l; mkfs.exfat $l > /dev/null",
            device: "sda"),
        State(
            name: "its switch says no", making: "mkfs.ext4 -q $l", isReadOnly: true, outcome: "read_only",
            code: "nas.readOnly"),
        State(
            name: "another file system", making: "mkswap $l > /dev/null 2>&1", outcome: "refused",
            code: "nas.fileSystem"),
        State(name: "noise", making: "head -c 5000000 /dev/urandom > $l", outcome: "refused", code: "nas.unformatted"),
    ]

    @Test("each is used where that is safe, only read or refused where it is not, and cameras are told so at once")
    func states() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench)
            for (number, state) in Self.states.enumerated() {
                let image = try await site.image(state.making)
                let drive = try await bench.usb.plug(image, as: "stick\(number)", isReadOnly: state.isReadOnly)
                let record = try await site.record(state.device)
                #expect(record.contains(#""outcome":"\#(state.outcome)""#), "\(state.name): \(record)")
                if let code = state.code { #expect(record.contains(#""code":"\#(code)""#), "\(state.name): \(record)") }
                let sent = try await site.camera("put /root/clip clip.mp4")
                #expect((sent.status == 0) == (state.outcome == "attached"), "\(state.name): \(sent)")
                try await drive.yank()
                #expect(try await site.unmounted() < 5000, "\(state.name)")
                try FileManager.default.removeItem(at: image)
            }
        }
    }

    @Test(
        "a full drive is used, and takes clips again when there is room; a second one replaces it, if the site file says so"
    )
    func full() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench, storage: "share: camera, second: replace")
            let image = try await site.image("mkfs.ext4 -q -m 0 $l")
            var drive = try await bench.usb.plug(image, as: "first")
            #expect(try await site.record("sda1").contains("attached"))
            try await bench.run("dd if=/dev/zero of=\(CameraSite.folder)/filler bs=1M status=none || true; sync")
            #expect(try await site.camera("put /root/clip clip.mp4").status != 0)
            try await drive.yank()
            #expect(try await site.unmounted() < 5000)
            drive = try await bench.usb.plug(image, as: "again")
            #expect(try await site.record("sda1").contains("attached"))
            try await bench.run("rm \(CameraSite.folder)/filler")
            #expect(try await site.camera("put /root/clip clip.mp4").status == 0)

            try await bench.usb.plug(try await site.image("mkfs.exfat $l > /dev/null"), as: "second")
            #expect(try await site.record("sdb1").contains("attached"))
            #expect(try await bench.run("findmnt -n -o SOURCE \(CameraSite.point)") == "/dev/sdb1")
            #expect(try await site.camera("put /root/clip clip.mp4").status == 0)
            // The first may be pulled out: it was put away in order.
            try await drive.yank()
            #expect(try await site.camera("get clip.mp4 /root/back").status == 0)
            #expect(try await bench.status("cmp /root/clip /root/back").status == 0)
        }
    }

    @Test("a drive that a sleeping Windows has left is only read")
    func sleeping() async throws {
        try await Bench.resume { bench in
            let site = try await CameraSite(bench, storage: "share: camera, foreign: beside")
            let image = try await site.image(
                "mkntfs -q -Q -F $l; ntfs-3g $l /mnt; { printf hibr; head -c 8188 /dev/zero; } > /mnt/hiberfil.sys; umount /mnt"
            )
            try await bench.usb.plug(image)
            let record = try await site.record("sda1")
            #expect(record.contains(#""outcome":"read_only""#), "\(record)")
            #expect(try await site.camera("put /root/clip clip.mp4").status != 0)
            #expect(try await bench.run("findmnt -n -o OPTIONS \(CameraSite.point)").hasPrefix("ro,"))
        }
    }

    @Test("the power fails while a camera records: every clip that was finished is whole")
    func power() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picli-drive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let image = folder.appending(path: "drive.img")
        var finished: [String] = []
        try await Bench.resume { bench in
            let site = try await CameraSite(bench)
            try FileManager.default.copyItem(at: try await site.image("mkfs.ext4 -q $l"), to: image)
            try await bench.usb.plug(image)
            #expect(try await site.record("sda1").contains("attached"))
            try await site.startRecording()
            try await site.recorded(3)
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...1500)))
            finished = try await site.finished()
            try await bench.run("cp /root/clip /share/clip")
            try FileManager.default.copyItem(
                at: bench.share.appending(path: "clip"), to: folder.appending(path: "clip"))
            try await bench.cutPower()
        }
        try await Bench.resume { bench in
            let site = try await CameraSite(bench)
            try FileManager.default.copyItem(
                at: folder.appending(path: "clip"), to: bench.share.appending(path: "clip"))
            try await bench.usb.plug(image)
            #expect(try await site.record("sda1").contains("attached"))
            #expect(finished.count >= 3)
            for clip in finished {
                #expect(
                    try await bench.status("cmp /share/clip \(CameraSite.folder)/\(clip)").status == 0,
                    "\(clip) is lost")
            }
        }
    }
}
