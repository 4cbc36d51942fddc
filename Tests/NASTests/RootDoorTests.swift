import Glibc
import Platform
import TestSupport
import Testing

@testable import NAS

@Suite("The door to what only root may do with drives")
struct RootDoorTests {
    private struct StagedDrives: DriveDoor {
        func eject() async throws -> String { "sda" }

        func offer(_ device: String, as kind: FormatPlan.Kind) async throws -> FormatOffer {
            FormatOffer(
                disk: device, size: 64_000_000_000, model: "Cruzer", serial: "4711",
                volumes: [.init(device: "sda1", fileSystem: "vfat", label: "../")], isInPlace: true,
                seal: "7.\(kind.rawValue)")
        }

        func format(_ device: String, as kind: FormatPlan.Kind, seal: String) async throws -> DriveRecord {
            guard seal == "7.\(kind.rawValue)" else {
                throw Failure("nas.changed", "It is another one.", hint: "picli nas list")
            }
            return DriveRecord("\(device)1", .attached, took: 900)
        }
    }

    /// Answers so many calls, each as a process of its own would, and gives what each of them said for the log.
    private func serving(
        _ count: Int, admits: @escaping @Sendable (PeerCredentials) -> Bool = { _ in true },
        _ body: (String) async throws -> Void
    ) async throws -> [String] {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/root.sock"
        let listener = try LocalSocket.listen(at: path, mode: 0o600).release()
        defer { close(listener) }
        let door = RootDoor(StagedDrives(), admits: admits)
        async let said = Self.answers(count, at: listener, door)
        try await body(path)
        let lines = try await said
        withExtendedLifetime(directory) {}
        return lines
    }

    private static func answers(_ count: Int, at listener: Int32, _ door: RootDoor) async throws -> [String] {
        let thread = Blocking(name: "accept") {}
        var said: [String] = []
        for _ in 0..<count {
            let accepted: Int32? = try await thread.run(within: .seconds(20)) { _ in LocalSocket.accept(on: listener) }
            let socket = try #require(accepted)
            said.append(try await door.answer(at: socket))
            close(socket)
        }
        return said
    }

    @Test("what may be asked for is done, and what is refused comes back with its code and its hint")
    func calls() async throws {
        let said = try await serving(4) { path in
            let client = RootDoorClient(path: path)
            #expect(try await client.eject() == "sda")
            let offer = try await client.offer("sda", as: .exfat)
            #expect(offer.name == "4711" && offer.isInPlace && offer.volumes.map(\.label) == ["../"])
            #expect(try await client.format("sda", as: .exfat, seal: offer.seal).device == "sda1")
            let failure = await #expect(throws: Failure.self) {
                try await client.format("sda", as: .ext4, seal: offer.seal)
            }
            #expect(failure?.code == "nas.changed" && failure?.hint == "picli nas list")
        }
        #expect(said.map { $0.split(separator: " ").first } == ["eject", "offer", "format", "format"])
        #expect(said[0] == "eject for user \(getuid()): done" && said[3].contains("nas.changed"))
    }

    @Test("a stranger is told so, and nothing is done")
    func stranger() async throws {
        let said = try await serving(1, admits: { _ in false }) { path in
            let failure = await #expect(throws: Failure.self) { try await RootDoorClient(path: path).eject() }
            #expect(failure?.code == "root.notPermitted")
        }
        #expect(said[0].contains("root.notPermitted"))
    }

    @Test(
        "what is no call is none",
        arguments: [
            "\n", "{}\n", "[1]\n", "GET / HTTP/1.1\r\n\r\n", "\u{0}\u{7f}\n", #"{"call":"reboot"}"# + "\n",
            #"{"call":"format","device":"sda"}"# + "\n",
            #"{"call":"format","device":"sda","kind":"ntfs","seal":"7"}"# + "\n",
        ])
    func garbage(text: String) async throws {
        let said = try await serving(1) { path in
            let stranger = try LocalSocket.connect(to: path)
            try stranger.write(all: Array(text.utf8))
            let answer = String(decoding: try stranger.readAll(limit: 4096), as: UTF8.self)
            #expect(answer.contains("root.badMessage"))
        }
        #expect(said[0].contains("root.badMessage"))
    }

    @Test("without systemd's socket the failure says what to look at, and without a peer nothing is done")
    func nobody() async throws {
        let failure = await #expect(throws: Failure.self) {
            try await RootDoorClient(path: "/nonexistent/root.sock").eject()
        }
        #expect(failure?.code == "root.away" && failure?.status == .tryAgain)
        let file = open("/dev/null", O_RDWR)
        defer { close(file) }
        let door = RootDoor(StagedDrives()) { _ in true }
        let alone = await #expect(throws: Failure.self) { try await door.answer(at: file) }
        #expect(alone?.code == "root.noPeer")
    }
}
