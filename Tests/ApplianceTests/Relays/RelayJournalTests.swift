import Relays
import Site
import Synchronization
import Testing

@testable import Appliance

@Suite("What relays did, in the journal")
struct RelayJournalTests {
    /// A journal in memory that can refuse.
    private final class Memory: Sendable {
        private struct Full: Error {}
        private let state = Mutex((events: [Event](), isFull: false))
        private let database: DatabaseID = {
            var random = SystemRandomNumberGenerator()
            return DatabaseID(milliseconds: 1, random: &random)
        }()
        var events: [Event] { state.withLock { $0.events } }
        func fill(_ isFull: Bool) { state.withLock { $0.isFull = isFull } }
        func record(_ event: Event) throws {
            try state.withLock { state in
                if state.isFull { throw Full() }
                state.events.append(event)
            }
        }
        func newest(_ query: EventQuery) -> [RecordedEvent] {
            state.withLock { state in
                let all = state.events.enumerated().map { index, event in
                    RecordedEvent(
                        id: RowID(database: database, sequence: Int64(index + 1)), deployment: nil, event: event)
                }
                return Array(all.reversed().filter { $0.id.sequence < query.before ?? .max }.prefix(query.limit))
            }
        }
    }

    private func journal(_ owner: StagedOwner, _ memory: Memory) -> RelayJournal {
        RelayJournal(
            owner: owner, newest: { memory.newest($0) }, record: { try memory.record($0) },
            now: { RelayDeskTests.time(1_000) }, logger: RelayDeskTests.logger)
    }

    /// A record of an event, among those of changes and results that go before it.
    private static func records(_ sequences: Range<Int64>) -> [IntentRecord] {
        sequences.map { sequence in
            var time = RelayDeskTests.time(sequence)
            // As the owner counts boots: it is in its seventh.
            time.boot = sequence < 6 ? 6 : 7
            guard sequence.isMultiple(of: 3) else {
                return IntentRecord(
                    sequence: sequence,
                    .result(RelayResult(number: sequence, relay: "fan", outcome: .done, time: time)))
            }
            return IntentRecord(
                sequence: sequence,
                .event(
                    Event(
                        Event.Code(rawValue: "relay.switched"), .notice, subject: "fan", message: "Fan is on.",
                        values: ["change": .number(Double(sequence))], at: time)))
        }
    }

    @Test("events of the owner are copied as they are, with their place in its record")
    func copies() async {
        let owner = StagedOwner(["fan": .off])
        let memory = Memory()
        owner.record(Self.records(1..<8))
        await journal(owner, memory).all()
        #expect(memory.events.map { $0.values["change"] } == [.number(3), .number(6)])
        #expect(memory.events.map { $0.values["record"] } == [.number(3), .number(6)])
        var time = RelayDeskTests.time(3)
        time.boot = Timestamp.unknownBoot
        #expect(memory.events.first?.time == time, "an earlier boot's, although its clock has not come as far")
        #expect(memory.events.last?.time == RelayDeskTests.time(6))
    }

    @Test("each record once, whoever is stopped between")
    func once() async {
        let owner = StagedOwner(["fan": .off])
        let memory = Memory()
        owner.record(Self.records(1..<302))
        await journal(owner, memory).all()
        #expect(memory.events.count == 100)
        owner.record(Self.records(302..<901))
        let second = journal(owner, memory)
        await second.all()
        await second.all()
        #expect(memory.events.count == 300)
        #expect(Set(memory.events.compactMap { $0.values["change"] }).count == 300)
    }

    @Test("while the journal takes nothing, nothing is lost")
    func fullJournal() async {
        let owner = StagedOwner(["fan": .off])
        let memory = Memory()
        let journal = journal(owner, memory)
        memory.fill(true)
        owner.record(Self.records(1..<7))
        await journal.all()
        #expect(memory.events.isEmpty)
        memory.fill(false)
        await journal.all()
        #expect(memory.events.count == 2)
    }

    @Test("a record that was set aside begins anew, is copied from its beginning, and that one is missing is said")
    func newLog() async {
        let owner = StagedOwner(["fan": .off])
        let memory = Memory()
        owner.record(Self.records(1..<7))
        await journal(owner, memory).all()
        owner.replaceLog("log-2", Self.records(1..<4))
        await journal(owner, memory).all()
        #expect(
            memory.events.map(\.code.rawValue) == [
                "relay.switched", "relay.switched", "relay.record_gap", "relay.switched",
            ])
    }

    @Test(
        "who is behind a change is said in words",
        arguments: [
            (
                RelayCause.unit(.rule, "enclosure > 45 °C", why: "the rule holds"),
                "the rule enclosure > 45 °C, the rule holds"
            ),
            (.unit(.schedule, "07:00..19:00: on"), "the schedule 07:00..19:00: on"),
            (.unit(.timer, "restore"), "a time that ran out"),
            (RelayCause(.token, who: "vms", origin: "192.0.2.9"), "vms from 192.0.2.9"),
        ])
    func words(cause: RelayCause, words: String) { #expect(cause.words == words) }
}
