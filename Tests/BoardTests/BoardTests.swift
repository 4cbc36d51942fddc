import Hardware
import Testing

@Suite("Boards")
struct BoardTests {
    @Test("a Raspberry Pi 4 tells all that it has")
    func pi4() async throws {
        let figures = try await BoardFixture.pi4.board().figures()
        #expect(figures.value(.temperature) == 48.686)
        #expect(figures.value(.underVoltage) == 0)
        #expect(figures.value(.throttled) == 0)
        #expect(figures.value(.load1m) == 0.31)
        #expect(figures.value(.load5m) == 0.24)
        #expect(figures.value(.load15m) == 0.18)
        #expect(figures.value(.memoryTotal) == 3_977_551_872)
        #expect(figures.value(.memoryAvailable) == 3_398_467_584)
        #expect(figures.value(.uptime) == 12_345.67)
        #expect(figures.value(.diskRead, "mmcblk0") == 975_838_208)
        #expect(figures.value(.diskWritten, "mmcblk0") == 3_758_096_384)
        #expect(figures.value(.networkReceived, "eth0") == 5_834_719_283)
        #expect(figures.value(.networkTransmitted, "eth0") == 192_837_465)
        #expect(figures.value(.networkReceiveErrors, "eth0") == 3)
        #expect(figures.value(.networkTransmitErrors, "eth0") == 0)
        #expect(figures.value(.networkLink, "eth0") == 1)
        #expect(figures.value(.networkLink, "wlan0") == 0)
        #expect(figures.value(.filesystemSize, "/") == 32_000_000_000)
        #expect(figures.value(.filesystemFree, "/srv/camera") == 8_000_000_000)
        #expect(figures.allSatisfy { (try? $0.outcome.get()) != nil })
    }

    @Test("what the kernel does not tell is not there, rather than 0")
    func absent() async throws {
        let figures = try await BoardFixture.amd64.board().figures()
        for quantity in [.temperature, .underVoltage, .throttled, .gpuUsage] as [BoardFigure.Quantity] {
            #expect(figures.outcome(quantity) == nil)
        }
        let pi4 = try await BoardFixture.pi4.board().figures()
        #expect(pi4.outcome(.underVoltageSinceBoot) == nil, "the kernel's file does not know the time since boot")
        #expect(pi4.outcome(.cardLifeUsed, "mmcblk0") == nil, "an SD card does not tell its wear")
    }

    @Test("only disks with hardware behind them and interfaces with a site behind them count")
    func instances() async throws {
        let figures = try await BoardFixture.pi4.board().figures()
        #expect(Set(figures.filter { $0.quantity == .diskWritten }.map(\.instance)) == ["mmcblk0", "sda"])
        #expect(Set(figures.filter { $0.quantity == .networkLink }.map(\.instance)) == ["eth0", "wlan0"])
        let vm = try await BoardFixture.amd64.board().figures()
        #expect(Set(vm.filter { $0.quantity == .networkLink }.map(\.instance)) == ["ens3", "wg0"])
        #expect(vm.value(.networkLink, "wg0") == 1, "a tunnel says unknown and has a carrier")
    }

    @Test("real file systems once each: no memory, no image, no bind mount of a sandbox")
    func mounts() async throws {
        func mounts(_ board: BoardFixture) async throws -> [String?] {
            try await board.board().figures().filter { $0.quantity == .filesystemSize }.map(\.instance)
        }
        #expect(try await mounts(.pi4) == ["/", "/boot/firmware", "/srv/camera"])
        #expect(try await mounts(.amd64) == ["/", "/mnt/office share"])
    }

    @Test("a root that an error made read-only is told; one that only the sandbox protects is not")
    func readOnly() async throws {
        #expect(try await BoardFixture.zero2.board().figures().value(.filesystemReadOnly, "/") == 1)
        #expect(try await BoardFixture.pi4.board().figures().value(.filesystemReadOnly, "/") == 0)
    }

    @Test(
        "who the board is",
        arguments: [
            (.pi4, "Raspberry Pi 4 Model B Rev 1.5", "10000000a3b4c5d6", "d03115", false),
            (.pi5, "Raspberry Pi 5 Model B Rev 1.0", "2f0e1d3c4b5a6978", "d04170", true),
            (.zero2, "Raspberry Pi Zero 2 W Rev 1.0", "00000000c1d2e3f4", "902120", false),
            (.amd64, "QEMU Standard PC (Q35 + ICH9, 2009)", nil, nil, true),
        ] as [(BoardFixture, String, String?, String?, Bool)])
    func identity(board: BoardFixture, model: String, serial: String?, revision: String?, hasRTC: Bool) {
        let identity = BoardIdentity(root: board.root)
        #expect(identity.model == model)
        #expect(identity.serial == serial)
        #expect(identity.revision == revision)
        #expect(identity.hasRTC == hasRTC)
    }

    @Test("every board gives the same names at every look", arguments: BoardFixture.allCases)
    func stable(board: BoardFixture) async throws {
        let board = board.board()
        let first = try await board.figures().map { "\($0.quantity)@\($0.instance ?? "")" }
        let second = try await board.figures().map { "\($0.quantity)@\($0.instance ?? "")" }
        #expect(first == second)
        #expect(Set(first).count == first.count)
    }

    @Test("the machine of this test gives its load, memory and root")
    func here() async throws {
        let figures = try await Board().figures()
        #expect(figures.value(.memoryTotal) ?? 0 > 0)
        #expect(figures.value(.load1m) != nil)
        #expect(figures.value(.uptime) ?? 0 > 0)
        #expect(figures.value(.filesystemSize, "/") ?? 0 > 0)
    }
}
