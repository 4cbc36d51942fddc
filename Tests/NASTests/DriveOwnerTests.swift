import Platform
import Site
import TestSupport
import Testing

@testable import NAS

@Suite("Whose drive it is")
struct DriveOwnerTests {
    private func owner(_ content: DriveContent, deployment: String? = "acme") throws -> DriveOwner {
        DriveOwner(content, unit: try DriveFixtures.unit("pi-7k3m92qf"), deployment: deployment)
    }

    private func marker(_ unit: String, _ deployment: String? = "acme") throws -> DriveMarker {
        DriveMarker(unit: try DriveFixtures.unit(unit), deployment: deployment)
    }

    @Test("an empty one is nobody's; ours is ours whatever else is on it")
    func ours() throws {
        #expect(try owner(DriveContent()) == .nobody)
        let content = DriveContent(names: ["holiday"], markers: [try marker("pi-other234"), try marker("pi-7k3m92qf")])
        #expect(try owner(content) == .ours)
    }

    @Test("files, another unit and an earlier deployment are others'")
    func others() throws {
        for content in [
            DriveContent(names: ["a\u{1B}b"]), DriveContent(markers: [try marker("pi-other234")]),
            DriveContent(markers: [try marker("pi-7k3m92qf", "globex")]),
            DriveContent(markers: [try marker("pi-7k3m92qf", nil)]),
        ] {
            guard case .others(let what) = try owner(content) else {
                Issue.record("\(content) is taken for ours")
                continue
            }
            #expect(what.plain == what)
        }
    }

    @Test("refused or used beside, as the site file says")
    func policy() {
        let volume = DriveVolume(DriveFixtures.part("sda1", "8:1"), .ext4)
        #expect(
            DriveDecision.refusal(of: volume, owner: .others("x is on it"), foreign: .refuse)?.code == "nas.foreign")
        #expect(DriveDecision.refusal(of: volume, owner: .others("x is on it"), foreign: .beside) == nil)
        #expect(DriveDecision.refusal(of: volume, owner: .ours, foreign: .refuse) == nil)
        #expect(DriveDecision.refusal(of: volume, owner: .nobody, foreign: .refuse) == nil)
    }

    @Test("a look at a drive finds markers in their folders, and passes over what systems leave")
    func look() throws {
        let drive = TemporaryDirectory()
        drive.write("", to: "System Volume Information/IndexerVolumeGuid")
        drive.write("", to: "lost+found/x")
        drive.write("", to: "._.Trashes")
        #expect(try DriveContent(at: drive.path) == DriveContent())
        let ours = try marker("pi-7k3m92qf")
        drive.write(String(decoding: ours.bytes, as: UTF8.self), to: "footage/pi-7k3m92qf/picli-drive.json")
        #expect(try DriveContent(at: drive.path) == DriveContent(markers: [ours]))
        // A marker of another name, one that is torn, and a folder without any are somebody's.
        drive.write(String(decoding: ours.bytes, as: UTF8.self), to: "footage/pi-copied22/picli-drive.json")
        drive.write("{\"unit\":", to: "footage/pi-torn2345/picli-drive.json")
        drive.write("", to: "DCIM/clip.mp4")
        let content = try DriveContent(at: drive.path)
        #expect(content.markers == [ours])
        #expect(Set(content.names) == ["DCIM", "footage/pi-copied22", "footage/pi-torn2345"])
    }

    @Test(
        "only a marker is a marker",
        arguments: ["", "{}", "[]", #"{"schema":2,"unit":"pi-7k3m92qf"}"#, #"{"schema":1,"unit":"../etc"}"#, "\u{0}"])
    func garbage(text: String) {
        #expect(DriveMarker(Array(text.utf8)) == nil)
    }
}
