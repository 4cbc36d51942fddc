import NIOCore
import Site
import Testing

@testable import Appliance

@Suite struct MetricsTextTests {
    static func text(_ readings: [Reading]) -> String {
        var buffer = ByteBuffer()
        MetricsText(site: trailer, version: "1.0").write(readings, to: &buffer)
        return String(buffer: buffer)
    }

    @Test("the exposition, to the byte")
    func golden() {
        let router = #"sensor="router-current",name="Router \"A\"\\B\nC""#
        let expected = """
            # HELP picli_build_info The version that is running.
            # TYPE picli_build_info gauge
            picli_build_info{version="1.0"} 1
            # HELP picli_board_cpu_usage_ratio Share of processor time in use, all cores.
            # TYPE picli_board_cpu_usage_ratio gauge
            picli_board_cpu_usage_ratio 0.125
            # HELP picli_board_filesystem_free_bytes Space of a file system that services can use.
            # TYPE picli_board_filesystem_free_bytes gauge
            picli_board_filesystem_free_bytes{mountpoint="/srv/a \\"b\\"\\\\"} 1234567890123
            # HELP picli_board_load_1m Load average over 1 minute.
            # TYPE picli_board_load_1m gauge
            picli_board_load_1m 1e-07
            # HELP picli_board_network_received_bytes_total Bytes received.
            # TYPE picli_board_network_received_bytes_total counter
            picli_board_network_received_bytes_total{interface="eth0"} 12
            picli_board_network_received_bytes_total{interface="wlan0"} 0.1
            # HELP picli_collector_duration_seconds How long the last collection took.
            # TYPE picli_collector_duration_seconds gauge
            picli_collector_duration_seconds{collector="ds18b20"} 0.75
            # HELP picli_collector_success 1 when every reading of the last collection has a value.
            # TYPE picli_collector_success gauge
            picli_collector_success{collector="ds18b20"} 1
            # HELP picli_sensor_current_amperes Current; RMS where it is AC.
            # TYPE picli_sensor_current_amperes gauge
            picli_sensor_current_amperes{\(router),simulated="true"} 0.25
            # HELP picli_sensor_level_l_per_min Scaled analogue input.
            # TYPE picli_sensor_level_l_per_min gauge
            picli_sensor_level_l_per_min{\(router)} 3
            # HELP picli_sensor_temperature_celsius Temperature.
            # TYPE picli_sensor_temperature_celsius gauge
            picli_sensor_temperature_celsius{sensor="enclosure",name="Enclosure"} 21.5
            # HELP picli_board_no_data 1 while there is no value; the reason says why.
            # TYPE picli_board_no_data gauge
            picli_board_no_data{quantity="gpu_temperature",gpu="card0",reason="notPresent"} 1
            # HELP picli_sensor_no_data 1 while there is no value; the reason says why.
            # TYPE picli_sensor_no_data gauge
            picli_sensor_no_data{sensor="enclosure",quantity="humidity",reason="badChecksum"} 1
            # HELP picli_sensor_last_reading_timestamp_seconds When the sensor last gave a value.
            # TYPE picli_sensor_last_reading_timestamp_seconds gauge
            picli_sensor_last_reading_timestamp_seconds{sensor="enclosure",name="Enclosure"} 1772366399.500
            picli_sensor_last_reading_timestamp_seconds{\(router)} 1772366400
            picli_sensor_last_reading_timestamp_seconds{\(router),simulated="true"} 1772366400

            """
        #expect(Self.text(oneOfEach()) == expected)
    }

    @Test("HELP and TYPE come once per family, in whatever order the readings are")
    func families() {
        for _ in 0..<20 {
            let lines = Self.text(oneOfEach().shuffled()).split(separator: "\n")
            let types = lines.filter { $0.hasPrefix("# TYPE") }
            #expect(Set(types).count == types.count)
            #expect(lines.count == Self.text(oneOfEach()).split(separator: "\n").count)
        }
    }

    @Test("a sensor that comes, goes and comes back is told as it is, each time")
    func changes() {
        let metrics = MetricsText(site: trailer, version: "1.0")
        func scrape(_ readings: [Reading]) -> String {
            var buffer = ByteBuffer()
            metrics.write(readings, to: &buffer)
            return String(buffer: buffer)
        }
        let metric = Metric("enclosure", .temperature, unit: .celsius)
        let there = Reading(metric, at: timestamp(), value: 20)
        let gone = Reading(metric, at: timestamp(), noData: NoData(.notPresent))
        #expect(scrape([there]).contains("temperature_celsius{sensor=\"enclosure\",name=\"Enclosure\"} 20\n"))
        #expect(!scrape([gone]).contains("temperature_celsius"))
        #expect(scrape([gone]).contains("reason=\"notPresent\"} 1\n"))
        #expect(!scrape([gone]).contains("last_reading"))
        #expect(!scrape([]).contains("no_data"))
        #expect(scrape([there]) == scrape([there]))
        #expect(!scrape([there]).contains("no_data"))
    }

    @Test(
        "units become base units",
        arguments: [
            ("°C", "celsius", -40, -40), ("%", "ratio", 12.5, 0.125), ("hPa", "pascals", 1013.25, 101325),
            ("VA", "voltamperes", 5, 5), ("mV", "volts", 12, 0.012), ("", "", 7, 7), ("psi", "psi", 30, 30),
            ("m³/h", "m3_per_h", 2, 2), ("µS/cm", "us_per_cm", 2, 2), ("!?", "", 1, 1), ("°F", "degrees_f", 70, 70),
        ] as [(String, String, Double, Double)])
    func units(_ symbol: String, _ suffix: String, _ value: Double, _ converted: Double) {
        let unit = PrometheusUnit(Unit(rawValue: symbol))
        #expect(unit.suffix == suffix)
        #expect(unit.converted(value) == converted)
    }

    @Test(
        "numbers are written as Prometheus reads them back",
        arguments: [
            (0, "0"), (-0.5, "-0.5"), (1e300, "1e+300"), (123456789, "123456789"), (0.1 + 0.2, "0.30000000000000004"),
            (-273.15, "-273.15"), (-9_007_199_254_740_991, "-9007199254740991"), (-10, "-10"),
        ] as [(Double, String)])
    func numbers(_ value: Double, _ text: String) {
        var buffer = ByteBuffer()
        buffer.writeNumber(value)
        #expect(String(buffer: buffer) == text)
    }

    @Test("the process tells its memory, its processor time, its descriptors and a start that stands still")
    func process() throws {
        let figures = ProcessFigures()
        func scrape(_ now: Int64) throws -> [String: Double] {
            var buffer = ByteBuffer()
            figures.write(to: &buffer, now: now)
            let lines = String(buffer: buffer).split(separator: "\n").filter { !$0.hasPrefix("#") }
            return try Dictionary(
                uniqueKeysWithValues: lines.map {
                    let parts = $0.split(separator: " ")
                    return (String(parts[0]), try #require(Double(parts[1])))
                })
        }
        let first = try scrape(noon)
        #expect(try #require(first["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(first["process_cpu_seconds_total"]) > 0)
        #expect(try #require(first["process_open_fds"]) > 2)
        let start = try #require(first["process_start_time_seconds"])
        #expect(start < Double(noon) / 1000)
        #expect(try scrape(noon + 30)["process_start_time_seconds"] == start)
        // The clock was set forward by a day: the start moves with it.
        #expect(try abs(#require(scrape(noon + 86_400_000)["process_start_time_seconds"]) - start - 86_400) < 60)
    }
}
