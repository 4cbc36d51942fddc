import FoundationEssentials
import Site
import TestSupport
import Testing

@testable import Store

@Suite("Logs")
struct LogsTests {
    private static func line(_ number: Int, _ text: String, at time: Timestamp = .first) -> LogLine {
        LogLine(
            received: time, host: "router-\(number % 2)", source: "192.168.1.\(number % 3)",
            facility: SyslogFacility(rawValue: number % 24) ?? .user,
            severity: SyslogSeverity(rawValue: number % 8) ?? .info,
            program: number % 5 == 0 ? "pppd[\(number)]" : "kernel",
            text: text)
    }

    @Test("lines come back, filtered, and the oldest go by age and by size")
    func filters() async throws {
        let place = try Workplace()
        let store = await place.open()
        for batch in 0..<10 {
            let lines = (0..<500).map { number in
                Self.line(
                    number, "line \(batch)/\(number) Link is UP",
                    at: .first.after(Int64(batch) * 86_400_000 + Int64(number)))
            }
            try await store.logs.append(LogBatch(lines: lines), at: .first)
        }
        func lines(_ query: LogQuery) async throws -> [RecordedLine] { try await store.logs.lines(query).lines }
        #expect(try await lines(LogQuery(limit: 1)).first?.line.text == "line 9/499 Link is UP")
        #expect(try await lines(LogQuery(source: "192.168.1.1", limit: 10_000)).count == 1_670)
        #expect(try await lines(LogQuery(atLeast: .emergency, limit: 10_000)).count == 630)
        #expect(try await lines(LogQuery(program: "pppd", limit: 10_000)).count == 1_000)
        #expect(try await lines(LogQuery(facility: .daemon, limit: 10_000)).count == 210)
        #expect(try await lines(LogQuery(search: LogSearch("4/17 LINK"), limit: 99)).count == 11)
        let day = Timestamp.first.after(3 * 86_400_000).wall
        #expect(try await lines(LogQuery(from: day, to: day + 100, limit: 10_000)).count == 100)
        let now = Timestamp.first.after(10 * 86_400_000)
        try await store.logs.maintain(now: now, keeping: .seconds(5 * 86_400 + 3_600), bytes: 100_000_000)
        #expect(try await lines(LogQuery(limit: 10_000)).count == 2_500)
        #expect(try await lines(LogQuery(search: LogSearch("link"), limit: 10_000)).count == 2_500)
        try await store.logs.maintain(now: now, keeping: nil, bytes: 300_000)
        let rest = try await lines(LogQuery(limit: 10_000))
        #expect(!rest.isEmpty && rest.count < 2_000)
        #expect(rest.first?.line.text == "line 9/499 Link is UP")
        await store.close()
    }

    @Test("the index finds what looking at every line finds", arguments: 0..<20)
    func search(seed: Int) async throws {
        let place = try Workplace()
        let store = await place.open()
        var generator = SeededGenerator(seed: UInt64(seed))
        let ascii = [
            "link", "Link", "linkdown", "eth0", "eth0.1", "ETH", "192.168.1.3", "-", "#033[31m", "user=root", "down",
            "a_b", "b", "%n%n", "",
        ]
        let words = seed.isMultiple(of: 2) ? ascii : ascii + ["größe", "groß", "“quoted”", "über", "日本", "用户admin登录"]
        let lines = (0..<300).map { number in
            let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                words.randomElement(using: &generator) ?? ""
            }
            return Self.line(number, text.joined(separator: [" ", ":", ""].randomElement(using: &generator) ?? " "))
        }
        try await store.logs.append(LogBatch(lines: lines), at: .first)
        let asked = [
            "link", "eth0", "eth", "\"link down\"", "-down", "link -eth0", "192.168.1.3", "192.168", "größe", "user=ro",
            "#033[31m", "a_b", "_b", "pppd", "pppd[1", "", "\"\"", "\"", "NOT link", "link*", "(", "line_word:x", "%n",
            "admin", "quoted", "ber",
        ]
        for text in asked {
            let search = LogSearch(text)
            let found = try await store.logs.lines(LogQuery(search: search, limit: 1_000)).lines.map(\.line)
            let wanted = lines.filter { search.finds($0) }
            #expect(found == wanted.reversed(), "\(text)")
            if ["link", "eth", "192.168"].contains(text) { #expect(!found.isEmpty) }
        }
        await store.close()
    }

    @Test("pages of an answer, both ways, leave nothing out and tell nothing twice")
    func pages() async throws {
        let place = try Workplace()
        let store = await place.open()
        for batch in 0..<30 {
            let lines = (0..<1_000).map { Self.line($0, "line \(batch * 1_000 + $0)") }
            try await store.logs.append(LogBatch(lines: lines), at: .first)
        }
        var seen: [String] = []
        var query = LogQuery(source: "192.168.1.2", limit: 700)
        while true {
            let answer = try await store.logs.lines(query)
            seen += answer.lines.map(\.line.text)
            guard let next = answer.next else { break }
            query.before = next
        }
        #expect(seen.count == 9_990 && Set(seen).count == 9_990)
        var after: [String] = []
        query = LogQuery(source: "192.168.1.2", limit: 700, after: 0)
        while true {
            let answer = try await store.logs.lines(query)
            after += answer.lines.map(\.line.text)
            guard let next = answer.next, next > query.after ?? 0 else { break }
            query.after = next
        }
        #expect(after == seen.reversed())
        let between = try await store.logs.lines(LogQuery(before: 1_006, after: 1_000)).lines.map(\.id.sequence)
        #expect(between == [1_001, 1_002, 1_003, 1_004, 1_005])
        #expect(try await store.logs.lines(LogQuery(before: 1_000, after: 1_006)).lines.isEmpty)
        await store.close()
    }

    @Test("places and sources are stored with their lines, or not at all")
    func places() async throws {
        let place = try Workplace()
        var store = await place.open()
        let habit = LogHabit(pauses: [5, 7], day: 20_000)
        let source = LogSource(address: "192.0.2.1", first: 1, last: 2, lines: 3, dropped: 4, habit: habit)
        let spool = SpoolPlace(file: "a.log", inode: .max - 3, boot: 4, offset: 12)
        try await store.logs.append(
            LogBatch(lines: [Self.line(1, "x")], places: [spool], sources: [source]), at: .first)
        #expect(try await store.logs.places() == [spool])
        #expect(try await store.logs.sources() == [source])
        var changed = source
        changed.lines = 9
        let next = SpoolPlace(file: "b.log", inode: 5, boot: 4, offset: 0)
        try await store.logs.append(LogBatch(places: [next], sources: [changed]), at: .first)
        await store.close()
        store = await place.open()
        #expect(try await store.logs.places() == [next])
        #expect(try await store.logs.sources() == [changed])
        #expect(try await store.logs.lines(LogQuery()).lines.count == 1)
        await store.close()
    }
}
