import Site
import Testing
import Web

@testable import Appliance

@Suite struct PageRoutesTests {
    @Test(
        "each page is served as what it is",
        arguments: [
            ("/", "text/html; charset=utf-8"), ("/history?metric=enclosure.temperature&range=24h", "text/html"),
            ("/history.csv?metric=enclosure.temperature", "text/csv"), ("/events?severity=warning", "text/html"),
            ("/history?metric=%ff&&=&x", "text/html"),
        ])
    func pages(_ path: String, _ type: String) async throws {
        try await LiveUnit.run(.init(readings: oneOfEach())) { unit in
            let answer = try await unit.get(path)
            #expect(answer.status == 200)
            #expect(answer.head.contains("Content-Type: \(type)"))
            #expect(answer.head.contains("Content-Security-Policy: default-src 'none'"))
            #expect(answer.head.contains("Cache-Control: no-store"))
        }
    }

    @Test("no page has what its content security policy forbids")
    func policy() async throws {
        try await LiveUnit.run(.init(readings: oneOfEach())) { unit in
            for path in ["/", "/history", "/events"] {
                let body = try await unit.get(path).body
                #expect(!body.contains(" style=\""))
                #expect(!body.contains("<style"))
                #expect(body.matches(of: #/\son[a-z]+="/#).isEmpty)
                for script in body.split(separator: "<script").dropFirst() {
                    #expect(script.contains(" src=\"/assets/"))
                }
            }
        }
    }

    @Test("a path that is not there is told as JSON to a program")
    func errors() async throws {
        let answer = try await LiveUnit.run { try await $0.get("/nothing") }
        #expect(answer.status == 404)
        #expect(answer.body.contains(#""code":"http.404""#))
    }
}
