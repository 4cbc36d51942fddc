import Foundation
import Site
import TestSupport
import Testing

/// The exposition as Prometheus' own programs take it.
@Suite(.serialized) struct PrometheusTests {
    @Test("promtool finds nothing to say", .enabled(if: Tool.promtool.isUsable, Tool.promtool.reason))
    func promtool() async throws {
        let text = try await LiveUnit.run(.init(readings: oneOfEach())) { try await $0.get("/metrics").body }
        let (status, said) = try await Tool.promtool.run(["check", "metrics"], input: text)
        #expect(status == 0)
        #expect(said == "")
    }

    @Test("a Prometheus scrapes the values", .enabled(if: Tool.prometheus.isUsable, Tool.prometheus.reason))
    func scrape() async throws {
        try await LiveUnit.run(.init(readings: oneOfEach())) { unit in
            let folder = FileManager.default.temporaryDirectory.appending(path: "picli-prometheus-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let configuration = folder.appending(path: "prometheus.yml")
            try Data(
                """
                global: { scrape_interval: 200ms, scrape_timeout: 200ms }
                scrape_configs:
                  - job_name: picli
                    static_configs: [ { targets: ["127.0.0.1:\(unit.port)"] } ]

                """.utf8
            ).write(to: configuration)
            let port = try LoopbackPort.free()
            let prometheus = Process()
            prometheus.executableURL = URL(filePath: Tool.prometheus.path)
            prometheus.arguments = [
                "--config.file=\(configuration.path)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
            ]
            prometheus.standardError = FileHandle.nullDevice
            prometheus.standardOutput = FileHandle.nullDevice
            try prometheus.run()
            defer {
                prometheus.terminate()
                prometheus.waitUntilExit()
            }
            func value(_ query: String) async throws -> String? {
                var url = try #require(URLComponents(string: "http://127.0.0.1:\(port)/api/v1/query"))
                url.queryItems = [URLQueryItem(name: "query", value: query)]
                guard let text = await Tool.curl(try #require(url.string)) else { return nil }
                struct Answer: Decodable {
                    struct Inner: Decodable { var result: [Result] }
                    struct Result: Decodable { var value: [Value] }
                    enum Value: Decodable {
                        case text(String)
                        case other
                        init(from decoder: any Decoder) throws {
                            let text = try? decoder.singleValueContainer().decode(String.self)
                            self = text.map { .text($0) } ?? .other
                        }
                    }
                    var data: Inner
                }
                let answer = try? JSONDecoder().decode(Answer.self, from: Data(text.utf8))
                guard case .text(let number)? = answer?.data.result.first?.value.last else { return nil }
                return number
            }
            // Prometheus decides when it scrapes; each look costs a request.
            let deadline = ContinuousClock.now + .seconds(20)
            var up: String?
            while up != "1", ContinuousClock.now < deadline {
                up = try await value("up")
                if up != "1" { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(up == "1")
            #expect(try await value(#"picli_sensor_temperature_celsius{sensor="enclosure"}"#) == "21.5")
            #expect(try await value("picli_board_cpu_usage_ratio") == "0.125")
            #expect(try await value(#"picli_sensor_no_data{reason="badChecksum"}"#) == "1")
            #expect(try await value(#"picli_sensor_current_amperes{simulated="true"}"#) == "0.25")
            #expect(try await value(#"picli_board_network_received_bytes_total{interface="wlan0"}"#) == "0.1")
        }
    }
}
