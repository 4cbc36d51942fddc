import NAS
import Platform
import Site
import Testing

@testable import picli

@Suite("Drives as text")
struct NASTextTests {
    private static let devices = BlockDevices(disks: [
        BlockDevice(
            "mmcblk0", number: "179:0", kind: .disk, isOnUSB: false, size: 31_914_983_424, model: nil,
            children: [
                BlockDevice(
                    "mmcblk0p2", number: "179:2", isOnUSB: false, size: 31_000_000_000, fileSystem: "ext4",
                    label: "rootfs",
                    mountPoints: ["/"])
            ]),
        BlockDevice(
            "sda", number: "8:0", kind: .disk, size: 2_000_398_934_016, model: "Portable SSD T7", serial: "S5T1NS0",
            children: [
                BlockDevice(
                    "sda1", number: "8:1", size: 2_000_397_795_328, fileSystem: "ext4", label: "footage", uuid: "5B0F",
                    mountPoints: ["/srv/camera"])
            ]),
        BlockDevice(
            "sdb", number: "8:16", kind: .disk, size: 64_000_000_000, model: "Cruzer\u{1B}[2J", fileSystem: "exfat",
            label: "../../etc\n"),
    ])
    private static let records = [
        DriveRecord("sda1", .attached, took: 840),
        DriveRecord(
            "sdb", .waiting,
            DriveReason(
                "nas.waits", "/dev/sdb waits until /dev/sda1 is gone.",
                hint: "picli nas eject, or 'second: replace' in the site file")),
    ]
    private static let mount = FootageMount(number: "8:1", source: "/dev/sda1")

    private func drives(_ mounted: FootageMount? = mount) -> [DriveDocument] {
        DriveDocument.all(Self.devices, Self.records, mounted)
    }

    @Test("list has a line for each, with what is written on it defused")
    func list() throws {
        #expect(try Golden.matches(DriveListDocument(drives: drives()).text(for: Terminal()), "nas-list.txt"))
        #expect(DriveListDocument(drives: []).text(for: Terminal()) == "There is no drive.\n")
    }

    @Test("status says first whether cameras can record, and then what to do")
    func status() throws {
        let space = FileSystemSpace(size: 1_960_000_000_000, available: 912_300_000_000)
        let time = Timestamp(wall: 0, boot: 1, monotonic: 0, isTrusted: true)
        func newest(_ camera: String) -> Metric { Metric("footage", .newestAge, instance: camera, unit: .second) }
        let cameras = CameraNews.all([
            Reading(newest("front"), at: time, value: 65),
            Reading(newest("rear"), at: time, noData: NoData(.notPresent, "there is no clip")),
            Reading(Metric("footage", .clips, unit: .none), at: time, value: 3),
        ])
        let good = NASStatusDocument(drives(), space: space, cameras: cameras, hasFound: false)
        #expect(good.recording)
        #expect(try Golden.matches(good.text(for: Terminal()), "nas-status.txt"))
        let readOnly = FootageMount(number: "8:1", source: "/dev/sda1", isReadOnly: true)
        #expect(!NASStatusDocument(drives(readOnly), space: nil, hasFound: false).recording)
        let none = NASStatusDocument(drives(nil), space: nil, hasFound: true)
        #expect(!none.recording)
        #expect(try Golden.matches(none.text(for: Terminal()), "nas-status-none.txt"))
        #expect(
            NASStatusDocument([], space: nil, hasFound: false).text(for: Terminal()) == "No drive is plugged in.\n")
    }

    @Test("one decision is one line")
    func decision() {
        let texts = Self.records.map { DriveRecordDocument($0).text(for: Terminal()) }
        #expect(
            texts == [
                "Cameras can record to sda1 after 0.8 s.\n",
                "/dev/sdb waits until /dev/sda1 is gone. Try: picli nas eject, or 'second: replace' in the site file\n",
            ])
    }

    @Test("before a drive is erased it is named, with what is on it, and a wrong name is refused")
    func format() throws {
        var disk = try #require(Self.devices.device("sda"))
        let question = FormatQuestion(disk)
        let text = "/dev/sda, Portable SSD T7, 2.0 TB, serial number S5T1NS0, holds: sda1 (ext4, 'footage')."
        #expect(question.content == text + " Cameras record to it now.")
        disk.children[0].mountPoints = []
        #expect(FormatQuestion(disk).content == text)
        let console = Console(.text, environment: [:])
        #expect(throws: Failure.self) { try question.confirm("S5T1NS1", console) }
        try question.confirm("S5T1NS0", console)
    }
}
