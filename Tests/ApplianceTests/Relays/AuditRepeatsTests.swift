import Relays
import Site
import Synchronization
import Testing
import Web

@testable import Appliance

@Suite("What the audit log tells together")
struct AuditRepeatsTests {
    private func entry(_ seconds: Int64, _ details: String, _ subject: String = "fan") -> AuditEntry {
        AuditEntry(
            time: RelayDeskTests.time(seconds), actor: "controlbyweb", origin: "192.0.2.7", action: .init("relay.on"),
            subject: subject, details: details)
    }

    private static let origin = Origin(actor: "controlbyweb", address: "192.0.2.7", agent: "test")

    /// A desk, the owner behind it, and what it has written down.
    private func staged(
        at now: @escaping @Sendable () -> Timestamp = { RelayDeskTests.time(0) }
    ) async throws -> (StagedOwner, RelayDesk, @Sendable () -> [AuditEntry]) {
        let owner = StagedOwner(["router": .on, "fan": .off])
        let entries = Mutex<[AuditEntry]>([])
        let desk = RelayDesk(
            RelayDeskTests.relays, owner: owner, audit: { more in entries.withLock { $0 += more } }, now: now,
            logger: RelayDeskTests.logger)
        await desk.connected(try await owner.overview())
        return (owner, desk, { entries.withLock { $0 } })
    }

    @Test("a state that is written each second is one entry, and one an hour")
    func cyclic() {
        var repeats = AuditRepeats()
        var told: [AuditEntry] = []
        for second in Int64(0)...7200 { told += repeats.take(entry(second, "done, nothing changed"), as: .unchanged) }
        #expect(
            told.map(\.details) == [
                "done, nothing changed",
                "done, nothing changed; 3600 times more since \(WallTime(milliseconds: RelayDeskTests.time(0).wall))",
                "done, nothing changed; 3600 times more since \(WallTime(milliseconds: RelayDeskTests.time(3600).wall))",
            ])
        #expect(told.map(\.time.monotonic) == [0, 3_600_000, 7_200_000])
        #expect(repeats.due(at: nil).isEmpty)
    }

    @Test("a command that does something ends it, and stands behind it")
    func order() {
        var repeats = AuditRepeats()
        _ = repeats.take(entry(0, "done, nothing changed"), as: .unchanged)
        #expect(repeats.take(entry(1, "done, nothing changed"), as: .unchanged).isEmpty)
        #expect(repeats.take(entry(2, "done, nothing changed"), as: .unchanged).isEmpty)
        #expect(repeats.take(entry(3, "done", "router"), as: .single).map(\.subject) == ["router"])
        let told = repeats.take(entry(4, "done"), as: .single)
        #expect(told.map(\.time.monotonic) == [2000, 4000] && told.last?.details == "done")
        #expect(told.first?.details?.contains("2 times more since ") == true)
        #expect(repeats.take(entry(5, "done, nothing changed"), as: .unchanged).count == 1)
    }

    @Test("who stops is told a minute later, or when the unit stops; and begins anew after an hour")
    func ended() {
        var repeats = AuditRepeats()
        _ = repeats.take(entry(0, "a"), as: .unchanged)
        _ = repeats.take(entry(9, "a"), as: .unchanged)
        #expect(repeats.due(at: 68_999).isEmpty)
        #expect(repeats.due(at: 69_000).map(\.time.monotonic) == [9000])
        #expect(repeats.take(entry(100, "a"), as: .unchanged).isEmpty, "it goes on")
        #expect(repeats.due(at: 373_000).map(\.time.monotonic) == [100_000], "three times as long as before")
        #expect(repeats.due(at: 7_200_000).isEmpty)
        #expect(repeats.take(entry(7300, "a"), as: .unchanged).count == 1)
        _ = repeats.take(entry(7301, "a"), as: .unchanged)
        #expect(repeats.due(at: nil).map(\.time.monotonic) == [7_301_000])
    }

    @Test("who says it every few minutes is told once an hour")
    func slow() {
        var repeats = AuditRepeats()
        var told: [AuditEntry] = []
        for second in stride(from: Int64(0), through: 7200, by: 30) {
            if second % 240 == 0 { told += repeats.take(entry(second, "a"), as: .unchanged) }
            told += repeats.due(at: second * 1000)
        }
        #expect(told.map(\.time.monotonic) == [0, 3_600_000, 7_200_000])
    }

    @Test("what is said otherwise of the same thing stands behind what was said before, which goes on")
    func otherwise() {
        var repeats = AuditRepeats()
        for second in Int64(0)...5 { _ = repeats.take(entry(second, "a"), as: .unchanged, "a") }
        _ = repeats.take(entry(6, "a", "router"), as: .unchanged, "a")
        _ = repeats.take(entry(7, "a", "router"), as: .unchanged, "a")
        let told = repeats.take(entry(8, "refused: relay.overridden"), as: .refused, "refused: relay.overridden")
        #expect(told.map(\.time.monotonic) == [5000, 8000] && told.allSatisfy { $0.subject == "fan" })
        #expect(repeats.take(entry(9, "a"), as: .unchanged, "a").isEmpty)
        #expect(repeats.due(at: nil).map(\.time.monotonic) == [7000, 9000])
    }

    @Test("of refusals the first ten, of numbers the first five; then the newest of a minute")
    func others() {
        var repeats = AuditRepeats()
        let refused = (Int64(0)..<100).flatMap { repeats.take(entry($0, "refused: relay.overridden"), as: .refused) }
        #expect(refused.count == 10)
        let numbers = (Int64(0)..<65).flatMap { repeats.take(entry($0, "\($0)", "setpoint"), as: .number) }
        #expect(numbers.count == 6 && numbers.last?.details?.hasPrefix("64; the last of 60 since ") == true)
    }

    @Test("more subjects than are followed: the oldest gives way, and is told")
    func many() {
        var repeats = AuditRepeats()
        _ = repeats.take(entry(0, "a"), as: .unchanged)
        _ = repeats.take(entry(1, "a"), as: .unchanged)
        let told = (Int64(0)..<256).flatMap { repeats.take(entry(10 + $0, "a", "\($0)"), as: .unchanged) }
        #expect(told.count == 257 && told.count { $0.details?.hasPrefix("a; 1 time more") == true } == 1)
    }

    @Test("what is refused with another length each time is one refusal again and again")
    func lengths() async throws {
        let (owner, desk, entries) = try await staged()
        owner.refuse(RelayRefusal(.overridden, "No."), of: "fan")
        for seconds in 1...40 {
            _ = try? await desk.perform(.pulse(.seconds(seconds), .on), on: "fan", as: .compatibility, by: Self.origin)
        }
        await desk.written()
        #expect(entries().count == 10)
    }

    @Test("a pulse that a client prolongs again and again is told once a minute; nothing is switched by that")
    func prolonged() async throws {
        let (owner, desk, entries) = try await staged()
        for number in 0..<20 {
            owner.changesNothing(number > 0)
            _ = try await desk.perform(.pulse(.seconds(5), .on), on: "fan", as: .compatibility, by: Self.origin)
        }
        await desk.tellRepeats(isLast: true)
        await desk.written()
        let told = entries().compactMap(\.details)
        #expect(Array(told.prefix(6)) == ["5s on: done"] + [String](repeating: "5s on: done, goes on", count: 5))
        #expect(told.count == 7 && told.last?.hasPrefix("5s on: done, goes on; the last of 14 since ") == true)
    }

    @Test("the desk tells what the owner says is unchanged together, for clients that say it again and again")
    func desk() async throws {
        let seconds = Mutex<Int64>(0)
        let (owner, desk, entries) = try await staged(at: { RelayDeskTests.time(seconds.withLock { $0 }) })
        for second in Int64(0)..<20 {
            seconds.withLock { $0 = second }
            owner.changesNothing(second > 0)
            _ = try await desk.perform(.on, on: "fan", as: .compatibility, by: Self.origin)
        }
        owner.changesNothing(false)
        _ = try await desk.perform(.off, on: "fan", as: .compatibility, by: Self.origin)
        await desk.written()
        let since = WallTime(milliseconds: RelayDeskTests.time(1).wall)
        #expect(
            entries().map(\.details) == [
                "done", "done, nothing changed", "done, nothing changed; 18 times more since \(since)", "done",
            ])
    }
}
