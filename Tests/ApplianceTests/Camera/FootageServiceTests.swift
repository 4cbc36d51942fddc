import Glibc
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance
@testable import NAS

@Suite("Who looks after the footage")
struct FootageServiceTests {
    private static let protection = FootageProtection(
        events: EventPattern("relay.switched@strobe").map { [$0] } ?? [], before: .seconds(60), after: .seconds(120))

    private static func event(_ code: String, _ subject: String, isTrusted: Bool = true) -> Event {
        let time = Timestamp(wall: 1_780_000_000_000, boot: 1, monotonic: 0, isTrusted: isTrusted)
        return Event(Event.Code(rawValue: code), .info, subject: subject, message: "", at: time)
    }

    @Test("an event that is meant keeps footage from before until after it")
    func span() {
        let span = Self.protection.span(around: Self.event("relay.switched", "strobe"))
        #expect(
            span
                == Protections.Span(
                    from: 1_779_999_940_000, to: 1_780_000_120_000, note: "relay.switched@strobe"))
        #expect(Self.protection.span(around: Self.event("relay.switched", "router")) == nil)
        // Footage of a clock that was not set has other times.
        #expect(Self.protection.span(around: Self.event("relay.switched", "strobe", isTrusted: false)) == nil)
    }

    @Test("what happens while no drive answers is taken down when one does")
    func waiting() async throws {
        let folder = TemporaryDirectory()
        folder.write("", to: "front/.keep")
        var status = stat()
        guard stat(folder.path, &status) == 0 else { throw SystemError(errno, "look at \(folder.path)") }
        let mount = FootageMount(number: FootageMount.number(of: status.st_dev), source: "/dev/sda1")
        let path = folder.path
        let storage = StorageConfiguration(protection: Self.protection)
        let index = try FootageIndex(nil)
        let gate = Gate()
        let keeper = Blocking(name: "footage") {
            FootageKeeper(
                index, top: path, cameras: ["front"], storage: storage, time: .written,
                mounted: { gate.isOpen ? mount : nil })
        }
        let service = FootageService(
            keeper, records: { [] }, storage: storage, cameras: ["front"], clock: ContinuousClock(),
            now: { Timestamp(wall: 1_780_000_000_000, boot: 1, monotonic: 0, isTrusted: true) },
            logger: RelayDeskTests.logger, report: { _ in })
        await service.protect(Self.event("relay.switched", "strobe"))
        _ = await service.look()
        #expect(FileKind(of: "\(path)/picli-events.json") == nil)
        gate.open()
        _ = await service.look()
        #expect(try SmallFile.text(at: "\(path)/picli-events.json").contains("relay.switched@strobe"))
        withExtendedLifetime(folder) {}
    }

    private final class Gate: Sendable {
        private let state = Mutex(false)
        var isOpen: Bool { state.withLock { $0 } }
        func open() { state.withLock { $0 = true } }
    }
}
