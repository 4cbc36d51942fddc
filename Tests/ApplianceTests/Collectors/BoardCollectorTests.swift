import Glibc
import Hardware
import Platform
import Site
import TestSupport
import Testing

@testable import Appliance

@Suite("Board collector")
struct BoardCollectorTests {
    private let root = TemporaryDirectory()
    private let time = Timestamp(wall: 1_800_000_000_000, boot: 1, monotonic: 1000, isTrusted: true)

    private func collector() -> BoardCollector {
        BoardCollector(Board(root: root.path, firmware: NoFirmware()), interval: .seconds(10))
    }

    @Test("every figure of the board has a quantity of the catalogue with help and, where needed, a label")
    func catalogue() {
        for quantity in BoardFigure.Quantity.allCases {
            let definition = Site.Quantity(rawValue: quantity.rawValue).definition
            #expect(definition != nil, "\(quantity.rawValue)")
            #expect(definition?.help.hasSuffix(".") == true)
        }
    }

    @Test("figures become readings of the board, in their units")
    func readings() async throws {
        root.write("0.5 0.4 0.3 1/1 1\n", to: "proc/loadavg")
        root.write("MemTotal: 1000 kB\nMemAvailable: 500 kB\n", to: "proc/meminfo")
        root.write("cpu-thermal\n", to: "sys/class/thermal/thermal_zone0/type")
        root.write("48686\n", to: "sys/class/thermal/thermal_zone0/temp")
        let readings = await collector().collect(at: time)
        let named = Dictionary(uniqueKeysWithValues: readings.map { ($0.metric.name, $0) })
        #expect(named["board.temperature"]?.value == 48.686)
        #expect(named["board.temperature"]?.metric.unit == .celsius)
        #expect(named["board.memory_available"]?.value == 512_000)
        #expect(named["board.memory_available"]?.metric.unit == .byte)
        #expect(named["board.load_1m"]?.value == 0.5)
        #expect(readings.allSatisfy { $0.time == time && !$0.metric.isSimulated })
    }

    @Test("a fault keeps its reason and its sentence")
    func fault() async throws {
        root.write("lots\n", to: "proc/uptime")
        let noData = try #require(await collector().collect(at: time).first?.noData)
        #expect(noData.reason == .outOfRange)
        #expect(noData.detail == "/proc/uptime says \"lots\", which cannot be")
    }

    @Test("what is gone is said once, so that its last value does not stand for ever")
    func gone() async throws {
        root.write("1 0\n", to: "proc/uptime")
        root.write("up\n", to: "sys/class/net/wwan0/operstate")
        root.write("5\n", to: "sys/class/net/wwan0/statistics/rx_bytes")
        let collector = collector()
        #expect(await collector.collect(at: time).count == 3)
        let other = TemporaryDirectory()
        #expect(rename("\(root.path)/sys", "\(other.path)/sys") == 0)
        let second = await collector.collect(at: time)
        #expect(
            second.filter { $0.noData?.reason == .notPresent }.map(\.metric.name) == [
                "board.network_link@wwan0", "board.network_received@wwan0",
            ])
        #expect(await collector.collect(at: time).map(\.metric.name) == ["board.uptime"])
    }

    @Test("what is overdue is all that was there before")
    func overdue() async {
        root.write("1 0\n", to: "proc/uptime")
        let collector = collector()
        #expect(collector.overdue(at: time).isEmpty)
        _ = await collector.collect(at: time)
        let overdue = collector.overdue(at: time)
        #expect(overdue.map(\.metric.name) == ["board.uptime"])
        #expect(overdue.first?.noData?.reason == .timeout)
    }
}
