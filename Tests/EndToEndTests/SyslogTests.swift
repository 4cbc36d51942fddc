import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Site
import Testing

/// Lines on their way from a sender over rsyslogd and the spool into the logs of a running unit.
@Suite("Logs of router and camera", .serialized)
struct SyslogTests {
    private static let site = """
        site: { name: End to end }
        network: { router: { address: 127.0.0.2 }, camera: { address: 127.0.0.3 } }
        """

    private func unit(_ body: (Unit, SyslogServer, [String]) async throws -> Void) async throws {
        try await SyslogServer.with(site: Self.site, body)
    }

    private func lines(_ unit: Unit, _ query: String = "") async throws -> [LogLine] {
        try await unit.get("/api/v1/logs?limit=1000\(query)").decode(LogsDocument.self).lines.map(\.line)
    }

    @Test("a line of either framing, over UDP and TCP, is one row; a stranger's is none, and is told")
    func framings() async throws {
        try await unit { unit, server, _ in
            let datagram = Int32(SOCK_DGRAM.rawValue)
            let octets = "<165>1 2026-09-21T13:33:10Z cam vapix 7 - [a@1 b=\"c\"] motion"
            try await server.send(Array("<28>Sep 21 13:33:10 RUT pppd[812]: LCP down\n".utf8), from: "127.0.0.2")
            try await server.send(Array("\(octets.utf8.count) \(octets)".utf8), from: "127.0.0.3")
            try await server.send(Array("<13>no header at all".utf8), over: datagram, from: "127.0.0.2")
            try await server.send(Array("<13>mine\n".utf8), over: datagram, from: "127.0.0.9")
            try await eventually("three rows") { try await self.lines(unit).count == 3 }
            let lines = try await lines(unit)
            let router = lines.filter { $0.source == "127.0.0.2" }
            #expect(Set(router.map(\.text)) == ["LCP down", "no header at all"])
            let first = try #require(router.first { $0.text == "LCP down" })
            #expect(first.program == "pppd[812]" && first.severity == .warning && first.facility == .daemon)
            let camera = try #require(lines.first { $0.source == "127.0.0.3" })
            #expect(camera.text == "[a@1 b=\"c\"] motion" && camera.program == "vapix[7]" && camera.severity == .notice)
            #expect(camera.claimed == ISO8601.milliseconds("2026-09-21T13:33:10Z"))
            try await eventually("the stranger is told") {
                try await unit.events().contains { $0.event.code.rawValue == "logs.source_unknown" }
            }
            let search = try await Run.picli(
                ["logs", "search", "lcp", "--source", "router", "--state", unit.state.path])
            #expect(search.status == 0 && search.output.contains("Z router warning pppd[812]: LCP down"), "\(search)")
            let metrics = String(decoding: try await unit.get("/metrics").body, as: UTF8.self)
            #expect(metrics.contains("picli_log_lines_total{source=\"router\",severity=\"warning\"} 1"))
            #expect(metrics.contains("picli_log_refused_lines_total 1"))
        }
    }

    @Test("hostile lines are one row each, and nothing in them is an order to a terminal")
    func hostile() async throws {
        let bodies: [[UInt8]] = [
            Array("\u{1B}[31mred\u{1B}]0;title\u{7}".utf8), Array("tab\there".utf8), [0x41, 0, 0x42],
            [0xFF, 0xFE, 0xC3, 0x28], Array("<script>alert(1)</script>".utf8), Array("%n%s%x${jndi:ldap://x}".utf8),
            Array("<13>Sep 21 13:33:10 fake sshd[1]: Accepted".utf8), Array(repeating: 0x58, count: 64 * 1024),
            Array("\u{9B}31m \u{202E}evil".utf8), Array("\r".utf8), [0x80, 0x9B, 0x9D],
        ]
        try await unit { unit, server, _ in
            let head = Array("<13>Sep 21 13:33:10 host app: ".utf8)
            try await server.send(
                Array(bodies.enumerated().map { head + Array("\($0) ".utf8) + $1 + [0x0A] }.joined())
                    + Array(repeating: 0x0A, count: 5_000) + head + Array("last\n".utf8),
                from: "127.0.0.2")
            try await eventually("a row for each") { try await self.lines(unit).count == bodies.count + 1 }
            let texts = try await lines(unit).map(\.text)
            #expect(Set(texts.compactMap { $0.split(separator: " ").first }).count == bodies.count + 1)
            #expect(texts.allSatisfy { $0.utf8.count <= 8_192 })
            #expect(
                texts.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) } })
            let shown = try await Run.picli(["logs", "tail", "--once", "--count", "100", "--state", unit.state.path])
            #expect(shown.output.split(separator: "\n").count == bodies.count + 1)
            #expect(!shown.output.contains("\u{1B}") && !shown.output.contains("\u{9B}"))
        }
    }

    @Test("who watches at a terminal goes on when the unit starts again; a spreadsheet gets no formula")
    func terminal() async throws {
        try await unit { unit, server, arguments in
            let head = "<13>Sep 21 13:33:10 host app: "
            try await server.send(Array("\(head)=1+1\n".utf8), from: "127.0.0.2")
            try await eventually("a row") { try await self.lines(unit).count == 1 }
            let (tail, shown) = (Process(), unit.folder.appending(path: "tail.log"))
            _ = FileManager.default.createFile(atPath: shown.path, contents: nil)
            let output = try FileHandle(forWritingTo: shown)
            tail.executableURL = Unit.picli
            tail.arguments = ["logs", "tail", "--state", unit.state.path]
            (tail.standardOutput, tail.standardError) = (output, output)
            try tail.run()
            defer { tail.terminate() }
            func text() throws -> String { try String(contentsOf: shown, encoding: .utf8) }
            try await eventually("the line is shown") { try text().contains("router notice app: =1+1\n") }
            #expect(try await unit.stop().status == 0)
            try await eventually("the end is told") { try text().contains("waiting for it") }
            try await unit.start(arguments)
            try await server.send(Array("\(head)after\n".utf8), from: "127.0.0.2")
            try await eventually("the next line is shown") { try text().contains("router notice app: after\n") }
            let all = try text()
            #expect(all.split(separator: "\n").count == 4 && all.contains("answers again"), "\(all)")
            let export = try await Run.picli(["logs", "export", "--state", unit.state.path])
            #expect(export.output.contains(",app,'=1+1,host,"), "\(export)")
        }
    }

    @Test("who watches gets what came since, and what comes, each line once and only what was asked for")
    func live() async throws {
        func line(_ number: Int, _ severity: Int) -> [UInt8] {
            Array("<\(severity)>Sep 21 13:33:10 host app: line \(number)\n".utf8)
        }
        try await unit { unit, server, _ in
            try await server.send(line(0, 3), from: "127.0.0.2")
            try await eventually("a row") { try await self.lines(unit).count == 1 }
            let newest = try await unit.get("/api/v1/logs").decode(LogsDocument.self).lines.first?.id.sequence ?? 0
            // Not yet seen by anybody when the stream begins.
            try await server.send(line(1, 3) + line(2, 6), from: "127.0.0.2")
            let request = HTTPClientRequest(
                url: unit.address + "/api/v1/logs/live?source=router&severity=warning&after=\(newest)")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            #expect(response.status == .ok && response.headers.first(name: "content-type") == "text/event-stream")
            var seen: [RecordedLine] = []
            var text = ""
            var next = 3
            for try await part in response.body {
                text += String(buffer: part)
                while let end = text.range(of: "\n\n") {
                    let message = text[..<end.lowerBound].split(separator: "\n")
                    text.removeSubrange(..<end.upperBound)
                    guard message.contains("event: lines") else { continue }
                    let data = try #require(message.first { $0.hasPrefix("data: ") }).dropFirst(6)
                    let lines = try JSONDecoder().decode(LogsDocument.self, from: Data(data.utf8)).lines
                    #expect(message.contains("id: \(lines.last?.id.sequence ?? 0)"))
                    seen += lines
                }
                if seen.count == 4 { break }
                // A warning of the router; one that is not asked for; and one of another sender.
                if seen.count == next - 2, next < 6 {
                    try await server.send(line(next, 4) + line(100 + next, 5), from: "127.0.0.2")
                    try await server.send(line(200 + next, 3), from: "127.0.0.3")
                    next += 1
                }
            }
            #expect(seen.map(\.line.text) == ["line 1", "line 3", "line 4", "line 5"])
            #expect(seen.map(\.id.sequence) == seen.map(\.id.sequence).sorted())
        }
    }

    @Test("whoever is killed between, every line that reached rsyslogd is stored once")
    func kills() async throws {
        let count = 12_000
        try await unit { unit, server, arguments in
            let sender = Process()
            let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Bench/send-syslog")
            sender.executableURL = URL(filePath: "/usr/bin/python3")
            sender.arguments = [script.path, "127.0.0.2", "127.0.0.1", "\(server.port)", "0", "\(count)", "1500"]
            let pipe = Pipe()
            sender.standardOutput = pipe
            try sender.run()
            defer { if sender.isRunning { sender.terminate() } }
            var kills = 0
            while sender.isRunning, kills < 60 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 150...700)))
                if kills % 3 == 1 {
                    server.kill()
                    try server.start()
                } else {
                    unit.kill()
                    try await unit.start(arguments)
                }
                kills += 1
                // So that the unit is killed while it stores, too.
                _ = try? await unit.get("/api/v1/logs?limit=1")
            }
            if sender.isRunning { sender.terminate() }
            sender.waitUntilExit()
            #expect(sender.terminationStatus == 0 && kills >= 6)
            let said = pipe.fileHandleForReading.readDataToEndOfFile()
            let broken = try JSONDecoder().decode([Int].self, from: said)
            let export = try await Run.picli([
                "logs", "export", "flood", "--format", "jsonl", "--state", unit.state.path,
            ])
            let stored = try export.output.split(separator: "\n").map { line in
                let text = try JSONDecoder().decode(RecordedLine.self, from: Data(line.utf8)).line.text
                return try #require(text.split(separator: " ").compactMap { Int($0) }.first)
            }
            #expect(Set(stored).count == stored.count, "stored twice")
            let missing = Set(0..<count).subtracting(broken).subtracting(stored)
            #expect(missing.isEmpty, "\(missing.count) lines are missing: \(missing.sorted().prefix(20))")
            #expect(broken.count < count / 4, "hardly a line was delivered: \(broken.count) in flight")
        }
    }
}
