import Site
import Testing

@testable import Appliance

@Suite("The senders of log lines")
struct SourceWatchTests {
    private static let router = "192.0.2.1"
    private static let minute: Int64 = 60_000
    private static let day = 1440 * minute

    private static func line(_ address: String, at time: Int64, isTrusted: Bool = true) -> LogLine {
        LogLine(
            received: Timestamp(wall: 1_790_000_000_000 + time, boot: 1, monotonic: time, isTrusted: isTrusted),
            source: address, severity: .info, text: "x")
    }

    private func watch(rate: Int = 10, known: [LogSource] = []) -> SourceWatch {
        SourceWatch(addresses: [Self.router, "192.0.2.2"], known: known, rate: rate, at: 0)
    }

    @Test("silence longer than the habit is told once, and its end; before a day is known it is not")
    func silence() {
        var watch = watch()
        var told: [SourceWatch.Change] = []
        // A line every 20 minutes; a pause of 3 hours on the first day is no event yet.
        for time in stride(from: 0, to: Self.day / 2, by: 20 * Int(Self.minute)) {
            told += watch.receive(Self.line(Self.router, at: Int64(time))).changes
            told += watch.look(at: Int64(time) + Self.minute)
        }
        told += watch.look(at: Self.day / 2 + 180 * Self.minute)
        #expect(told.isEmpty)
        for time in stride(from: Self.day / 2 + 20 * Self.minute, to: 5 * Self.day, by: 20 * Int(Self.minute)) {
            told += watch.receive(Self.line(Self.router, at: Int64(time))).changes
            told += watch.look(at: Int64(time) + Self.minute)
        }
        #expect(told.isEmpty)
        let last = watch.sources.first?.last ?? 0
        let since = last - 1_790_000_000_000
        #expect(watch.look(at: since + 39 * Self.minute).isEmpty)
        let limit = watch.sources.first?.habit.limit
        #expect(limit == 40 * Self.minute)
        #expect(
            watch.look(at: since + 41 * Self.minute) == [
                .silent(address: Self.router, since: 41 * Self.minute, habit: 40 * Self.minute)
            ])
        #expect(watch.look(at: since + 99 * Self.minute).isEmpty)
        #expect(
            watch.receive(Self.line(Self.router, at: since + 100 * Self.minute)).changes == [
                .back(address: Self.router, after: 100 * Self.minute)
            ])
    }

    @Test("one outage among the days is no habit")
    func outage() {
        var habit = LogHabit()
        for day in 0..<8 { habit.note(day == 4 ? 10 * 3_600_000 : 1_200_000, at: Int64(day) * 86_400_000) }
        #expect(habit.limit == 2_400_000)
        for day in 8..<20 { habit.note(1_200_000, at: Int64(day) * 86_400_000) }
        #expect(habit.pauses.count == 9)
        #expect(LogHabit(pauses: [5, 9], day: 1).limit == nil)
    }

    @Test("a burst of ten minutes' worth is stored; a flood is cut at the rate, told once, and counted")
    func flood() {
        var watch = watch(rate: 10)
        var verdicts: [SourceWatch.Verdict: Int] = [:]
        var told: [SourceWatch.Change] = []
        // 1,000 a second for 100 s.
        for number in 0..<100_000 {
            let result = watch.receive(Self.line(Self.router, at: Int64(number)))
            verdicts[result.verdict, default: 0] += 1
            told += result.changes
        }
        #expect(told == [.flooding(address: Self.router)])
        #expect(abs((verdicts[.store] ?? 0) - 7_000) <= 10)
        #expect(watch.receive(Self.line("192.0.2.2", at: 100_000)).verdict == .store)
        #expect(watch.look(at: 100_000 + 59_000).isEmpty)
        let dropped = Int64(verdicts[.drop] ?? 0)
        #expect(watch.look(at: 100_000 + 61_000) == [.calm(address: Self.router, dropped: dropped)])
        #expect(watch.sources.first?.dropped == dropped)
    }

    @Test("a stranger is told once a day, and a crowd of them fills neither memory nor journal")
    func strangers() {
        var watch = watch()
        var told = 0
        for round in 0..<3 {
            for number in 0..<1_000 {
                let result = watch.receive(Self.line("198.51.100.\(number)", at: Int64(round) * Self.minute))
                #expect(result.verdict == .refuse)
                told += result.changes.count
            }
        }
        #expect(told == 16)
        #expect(watch.receive(Self.line("198.51.100.1", at: Self.day + 1)).changes.count == 1)
    }
}
