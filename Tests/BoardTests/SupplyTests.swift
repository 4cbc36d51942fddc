import Hardware
import Testing

@Suite("Under-voltage and throttling")
struct SupplyTests {
    private static let quantities: [BoardFigure.Quantity] = [
        .underVoltage, .underVoltageSinceBoot, .throttled, .throttledSinceBoot,
    ]

    @Test(
        "the firmware's bits mean what its documentation says",
        arguments: [
            ("throttled=0x0", [0, 0, 0, 0]), ("throttled=0x50005", [1, 1, 1, 1]), ("throttled=0x50000", [0, 1, 0, 1]),
            ("throttled=0x1", [1, 0, 0, 0]), ("throttled=0x4", [0, 0, 1, 0]), ("throttled=0x80008", [0, 0, 0, 0]),
            ("throttled=0x20002", [0, 0, 0, 0]),
        ] as [(String, [Double])])
    func bits(answer: String, expected: [Double]) async throws {
        let figures = try await BoardFixture.pi4.board(ScriptedFirmware(answer: .success(answer))).figures()
        #expect(Self.quantities.map { figures.value($0) } == expected)
    }

    @Test(
        "an answer that cannot be is a fault, never 0",
        arguments: ["", "throttled=", "throttled=0x", "throttled=0xzz", "error=1 error_msg=\"Command not registered\""])
    func garbage(answer: String) async throws {
        let figures = try await BoardFixture.pi4.board(ScriptedFirmware(answer: .success(answer))).figures()
        for quantity in Self.quantities { #expect(figures.fault(quantity)?.kind == .garbage) }
    }

    @Test("a firmware that may not be asked is a fault that says so")
    func refused() async throws {
        let fault = BoardFault(.unreadable, "/dev/vcio cannot be opened: Permission denied")
        let figures = try await BoardFixture.pi5.board(ScriptedFirmware(answer: .failure(fault))).figures()
        for quantity in Self.quantities { #expect(figures.fault(quantity) == fault) }
    }

    @Test("without the firmware, the kernel's alarm tells of under-voltage now and nothing else")
    func alarm() async throws {
        let figures = try await BoardFixture.pi5.board().figures()
        #expect(figures.value(.underVoltage) == 1)
        for quantity in Self.quantities.dropFirst() { #expect(figures.outcome(quantity) == nil) }
    }

    @Test("without both, the old file tells of now; its memory is the kernel's and is not used")
    func oldFile() async throws {
        let figures = try await BoardFixture.zero2.board().figures()
        #expect(figures.value(.underVoltage) == 1)
        #expect(figures.value(.throttled) == 1)
        #expect(figures.outcome(.underVoltageSinceBoot) == nil)
        #expect(figures.outcome(.throttledSinceBoot) == nil)
    }

    @Test("a board without the firmware's device has no firmware")
    func noDevice() throws {
        #expect(try FirmwareMailbox(paths: ["/dev/no-such-device"]).command("get_throttled") == nil)
    }

    @Test("a device that is no mailbox is a fault, not an answer")
    func notAMailbox() {
        #expect { _ = try FirmwareMailbox(paths: ["/dev/null"]).command("get_throttled") } throws: {
            ($0 as? BoardFault)?.kind == .unreadable
        }
    }
}
