import Foundation
import Site
import Testing

/// The readings commands against a unit that answers on its control socket.
@Suite("picli readings, asking a running unit")
struct ReadingsCommandTests {
    @Test(
        "--json prints the documents of the web API",
        arguments: [
            ("list.json", ["list"]), ("latest.json", ["latest"]),
            ("query-steps.json", ["query", "enclosure.temperature", "--since", "1h"]),
            ("query-raw.json", ["query", "enclosure.temperature", "--from", "2026-03-01", "--step", "raw"]),
        ])
    func json(golden: String, arguments: [String]) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Trailer.script) { _ in
            let result = try await Binary.run(
                Binary.path, ["readings"] + arguments + ["--state", folder.path, "--json"])
            #expect(result.status == 0, "\(result)")
            #expect(result.error.isEmpty)
            #expect(try Golden.matches(result.output, golden))
        }
    }

    @Test("latest takes metrics and sensors")
    func chosen() async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Trailer.script) { _ in
            let result = try await Binary.run(
                "readings", "latest", "battery", "enclosure.temperature", "--state", folder.path)
            #expect(result.status == 0)
            let names = result.output.split(separator: "\n").dropFirst().map { $0.prefix { $0 != " " } }
            #expect(names == ["battery.voltage", "enclosure.temperature"])
        }
    }

    @Test(
        "a metric that the unit does not have is named, with the nearest one", arguments: ["latest", "query", "export"])
    func unknownMetric(verb: String) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, Trailer.script) { _ in
            let result = try await Binary.run(
                "readings", verb, "enclosure.temprature", "--state", folder.path)
            #expect(result.status == 1)
            #expect(result.output.isEmpty)
            #expect(
                result.error == """
                    error: This unit has no readings of 'enclosure.temprature'. Did you mean \
                    'enclosure.temperature'?
                    Try: picli readings list

                    """)
        }
    }

    @Test("export asks page by page, and the file appears when it is whole")
    func export() async throws {
        let folder = try Folder()
        let script: ScriptedUnit.Script = { path, query in
            guard path == "/api/v1/series" else { return try Trailer.script(path, query) }
            var answer = Trailer.raw
            answer.next = query.contains { $0.name == "cursor" } ? nil : "page/2 +"
            return try ScriptedUnit.json(SeriesDocument(answer))
        }
        try await ScriptedUnit.with(in: folder, script) { unit in
            let result = try await Binary.run(
                "readings", "export", "enclosure", "--from", "2026-03-01", "--state", folder.path,
                "--output", folder.path + "/out.csv")
            #expect(result.status == 0, "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.error == "6 rows written to \(folder.path)/out.csv.\n")
            #expect(try folder.text("out.csv").split(separator: "\n").count == 7)
            #expect(unit.requests.count == 3)
            #expect(unit.requests.last?.contains("cursor=page%2F2%20%2B") == true)
        }
    }

    @Test("a unit that goes away in between leaves no half file, and says: try again")
    func lost() async throws {
        let folder = try Folder()
        let script: ScriptedUnit.Script = { path, query in
            guard path == "/api/v1/series" else { return try Trailer.script(path, query) }
            guard query.contains(where: { $0.name == "cursor" }) else {
                var answer = Trailer.raw
                answer.next = "2"
                return try ScriptedUnit.json(SeriesDocument(answer))
            }
            return .init(status: 503, body: #"{"code":"http.503","detail":"Stopping."}"#)
        }
        try await ScriptedUnit.with(in: folder, script) { _ in
            let result = try await Binary.run(
                "readings", "export", "--state", folder.path, "-o", folder.path + "/out.csv")
            #expect(result.status == 75)
            #expect(result.error == "error: Stopping.\n")
            #expect(try folder.names == ["control.sock"])
        }
    }

    @Test("an answer that is none is a sentence", arguments: ["", "<html>", "{}", #"{"schema":1,"readings":[{}]}"#])
    func garbage(body: String) async throws {
        let folder = try Folder()
        try await ScriptedUnit.with(in: folder, { _, _ in .init(body: body) }) { _ in
            let result = try await Binary.run("readings", "latest", "--state", folder.path, "--json")
            #expect(result.status == 1)
            #expect(result.failure?["code"] as? String == "control.answer")
        }
    }

    @Test("a unit's own refusal is passed on with its code and example")
    func refusal() async throws {
        let folder = try Folder()
        let body = #"{"title":"Bad Request","status":400,"code":"parameter.invalid","detail":"No.","example":"10s"}"#
        try await ScriptedUnit.with(in: folder, { _, _ in .init(status: 400, body: body) }) { _ in
            let result = try await Binary.run("readings", "list", "--state", folder.path)
            #expect(result.status == 1)
            #expect(result.error == "error: No.\nTry: for example 10s\n")
        }
    }

    @Test("a reader that has seen enough ends the command quietly")
    func brokenPipe() async throws {
        let folder = try Folder()
        let script: ScriptedUnit.Script = { path, query in
            guard path == "/api/v1/series" else { return try Trailer.script(path, query) }
            var answer = Trailer.raw
            answer.next = "more"
            return try ScriptedUnit.json(SeriesDocument(answer))
        }
        try await ScriptedUnit.with(in: folder, script) { _ in
            // History without end: only the broken pipe stops it.
            let result = try await Binary.shell(
                "\"$PICLI\" readings export --state \(folder.path) | head -n 2; echo ${PIPESTATUS[0]}")
            #expect(result.output.split(separator: "\n").count == 3)
            #expect(result.output.hasSuffix("\n0\n"))
            #expect(result.error.isEmpty)
        }
    }

    @Test("Ctrl-C ends an export with 130, and leaves the folder as it was")
    func interruption() async throws {
        let folder = try Folder()
        let script: ScriptedUnit.Script = { path, query in
            guard path == "/api/v1/series" else { return try Trailer.script(path, query) }
            var answer = Trailer.raw
            answer.next = "more"
            return try ScriptedUnit.json(SeriesDocument(answer))
        }
        try await ScriptedUnit.with(in: folder, script) { _ in
            let line = """
                "$PICLI" readings export --state \(folder.path) -o \(folder.path)/out.csv &
                until [ -e \(folder.path)/out.csv.partial ]; do sleep 0.01; done
                kill -INT $!; wait $!; echo $?
                """
            // Bash starts background jobs with SIGINT ignored, but for interactive ones.
            let result = try await Binary.shell("set -m\n" + line)
            #expect(result.output == "130\n", "\(result)")
            #expect(try folder.names == ["control.sock"])
        }
    }
}
