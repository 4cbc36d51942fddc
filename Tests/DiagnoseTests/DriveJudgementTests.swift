import Glibc
import NAS
import TestSupport
import Testing

@testable import Diagnose

@Suite("Verdicts of the cameras' drive")
struct DriveJudgementTests {
    private func facts(_ drive: DriveFacts) throws -> Facts {
        var facts = try Trailer.facts()
        facts.drive = .known(drive)
        return facts
    }

    @Test("no drive, one that is only read, and one that cameras record to")
    func place() throws {
        let refused = DriveRecord(
            "sda1", .refused, DriveReason("nas.foreign", "'photos' is on it.", hint: "picli nas format sda1"))
        let none = try facts(DriveFacts(disk: nil, records: [refused]))
        #expect(none.verdicts("drive.place") == ["fail"])
        let judgement = try #require(none.judged("drive.place").first)
        #expect(judgement.cause == "'photos' is on it." && judgement.fix?.text == "picli nas format sda1")
        #expect(none.verdicts("drive.health") == ["skipped"])
        #expect(try facts(DriveFacts(isReadOnly: true)).verdicts("drive.place") == ["fail"])
        #expect(try facts(DriveFacts()).verdicts("drive.place") == ["ok"])
    }

    @Test(
        "what a drive says of itself",
        arguments: [
            (SMARTReport(isPassed: true, reallocated: 2, unreadable: 0, used: 12, celsius: 40), "ok"),
            (SMARTReport(isPassed: false), "fail"), (SMARTReport(isPassed: true, unreadable: 1), "warn"),
            (SMARTReport(reallocated: 10), "warn"), (SMARTReport(used: 95), "warn"),
            (SMARTReport(isPassed: true, celsius: 70), "warn"),
        ])
    func health(report: SMARTReport, verdict: String) throws {
        #expect(try facts(DriveFacts(report: report)).verdicts("drive.health") == [verdict])
    }

    @Test("a bridge that passes nothing on is no fault, and is told")
    func silent() throws {
        let judged = try facts(DriveFacts(silence: "its USB bridge does not pass the question on")).judged(
            "drive.health")
        #expect(judged.map(\.verdict) == [.skipped])
        #expect(judged.first?.evidence.contains("bridge") == true)
    }

    @Test("a connection that is set back again and again; not once, when a drive is plugged in")
    func connection() throws {
        let text = """
            usb 2-1: new SuperSpeed USB device number 3 using xhci_hcd
            scsi host0: uas
            sd 0:0:0:0: [sda] tag#12 uas_eh_abort_handler 0 uas-tag 13 inflight: CMD OUT
            scsi host0: uas_eh_device_reset_handler start
            usb 2-1: reset SuperSpeed USB device number 3 using xhci_hcd
            scsi host0: uas_eh_device_reset_handler success
            eth0: Link is Up
            """
        let resets = DriveFacts.resets(in: text)
        #expect(resets.count == 4 && resets.last?.hasSuffix("success") == true)
        #expect(try facts(DriveFacts(resets: resets)).verdicts("drive.connection") == ["warn"])
        #expect(try facts(DriveFacts(resets: Array(resets.prefix(2)))).verdicts("drive.connection") == ["ok"])
        #expect(try facts(DriveFacts(resets: nil)).verdicts("drive.connection") == ["skipped"])
    }

    /// A tree of /sys and /proc with a Pi 4, its own hub, a drive, and a modem behind a hub with a supply of its own.
    private func tree(model: String = "Raspberry Pi 4 Model B Rev 1.4", drive: Int = 896) -> TemporaryDirectory {
        let folder = TemporaryDirectory()
        let usb = "sys/bus/usb/devices"
        func device(_ name: String, _ current: Int, _ files: [(String, String)] = []) {
            folder.write("\(current)mA\n", to: "\(usb)/\(name)/bMaxPower")
            for (file, text) in files { folder.write(text + "\n", to: "\(usb)/\(name)/\(file)") }
        }
        device("usb1", 0)
        device(
            "1-1", 100,
            [("bDeviceClass", "09"), ("bmAttributes", "e0"), ("idVendor", "2109"), ("idProduct", "3431")])
        device(
            "1-1.2", 100,
            [("bDeviceClass", "09"), ("bmAttributes", "e0"), ("idVendor", "05e3"), ("idProduct", "0610")])
        device("1-1.2.1", 500)
        device("1-1.3", 100, [("bDeviceClass", "00"), ("bmAttributes", "80")])
        device("2-1", drive, [("product", "Portable SSD")])
        folder.write("0\n", to: "\(usb)/1-0:1.0/usb1-port1/over_current_count")
        folder.write("", to: "\(usb)/2-1:1.0/x")
        folder.write(model + "\u{0}", to: "proc/device-tree/model")
        return folder
    }

    private func usb(_ folder: TemporaryDirectory) throws -> USBFacts {
        try withExtendedLifetime(folder) { try USBFacts(root: folder.path) }
    }

    @Test("what devices may draw is added up; a hub with a supply of its own draws nothing")
    func current() throws {
        let board = try usb(tree())
        #expect(board == USBFacts(asked: 1096, given: 1200, overcurrents: 0, greediest: "Portable SSD, 896 mA"))
        var facts = try Trailer.facts()
        facts.usb = .known(board)
        #expect(facts.verdicts("power.usb") == ["ok"])
        facts.usb = .known(try usb(tree(drive: 1001)))
        #expect(facts.verdicts("power.usb") == ["warn"])
        #expect(try usb(tree(model: "Raspberry Pi 5 Model B Rev 1.0")).given == 600)
        #expect(try usb(tree(model: "Raspberry Pi Zero 2 W Rev 1.0")).given == nil)
        let rich = tree(model: "Raspberry Pi 5 Model B Rev 1.0")
        rich.write("\u{0}\u{0}\u{0}\u{1}", to: "proc/device-tree/chosen/power/usb_max_current_enable")
        #expect(try usb(rich).given == 1600)
        let cut = tree()
        cut.write("2\n", to: "sys/bus/usb/devices/1-0:1.0/usb1-port1/over_current_count")
        facts.usb = .known(try usb(cut))
        #expect(facts.verdicts("power.usb") == ["fail"])
    }
}
