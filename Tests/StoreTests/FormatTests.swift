import Site
import TestSupport
import Testing

@testable import Store

@Suite("The byte form of columns and blocks")
struct FormatTests {
    /// Columns like those of real sensors, and some that no sensor sends.
    static let columns: [(name: String, values: [Double], most: Double)] = {
        var random = SeededGenerator(seed: 7)
        func noise(_ count: Int, _ make: (inout SeededGenerator) -> Double) -> [Double] {
            (0..<count).map { _ in make(&random) }
        }
        var level = 340
        let thermometer = noise(600) { random in
            level += [0, 0, 0, 0, 0, 1, -1].randomElement(using: &random) ?? 0
            return Double(level) * 0.0625
        }
        let adc = noise(600) { (12.34 + Double.random(in: -0.02...0.02, using: &$0) * 10).rounded(digits: 3) }
        return [
            ("nothing", [], 100), ("one", [21.5], 100), ("constant", Array(repeating: 3.25, count: 600), 0.1),
            ("thermometer", thermometer, 0.5), ("ADC with three decimals", adc, 1.5),
            (
                "ADC scaled by 11", noise(600) { Double(Int.random(in: 9_000...9_020, using: &$0)) * 0.000125 * 11.0 },
                1.5
            ),
            ("calibrated thermometer", thermometer.map { $0 * 1.0023 - 0.13 }, 1.5),
            ("root mean square", noise(600) { Double.random(in: 0.9...1.1, using: &$0).squareRoot() }, 8),
            ("counter of bytes", (0..<600).map { Double(1_234_567_890 + $0 * 1_517) }, 0.1),
            (
                "extremes",
                [.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0, 0, -1e300, 1e-300, 0x1p60, -0x1p53], 100
            ),
            ("all bits", noise(600) { finite(bits: $0.next()) }, 8.2),
        ]
    }()

    private static func finite(bits: UInt64) -> Double {
        let value = Double(bitPattern: bits)
        return value.isFinite ? value : 1
    }

    @Test("a column comes back bit for bit, and small", arguments: columns.indices)
    func roundTrip(_ index: Int) throws {
        let (name, values, most) = Self.columns[index]
        var writer = ByteWriter()
        ValueColumn.write(values, to: &writer)
        var reader = ByteReader(writer.bytes)
        let back = try ValueColumn.read(values.count, from: &reader)
        #expect(back.map(\.bitPattern) == values.map(\.bitPattern), "\(name)")
        #expect(reader.isAtEnd)
        let packed = Deflate.pack(writer.bytes)
        #expect(try Deflate.unpack(packed) == writer.bytes)
        #expect(Double(packed.count) <= most * Double(max(values.count, 1)), "\(name): \(packed.count) bytes")
    }

    @Test("a block comes back with every time, value and reason")
    func block() throws {
        var random = SeededGenerator(seed: 11)
        let reasons = NoData.Reason.allCases
        var tail: [TailBatch] = []
        var time = Timestamp.first
        for _ in 0..<300 {
            time = time.after(Int64.random(in: 900...1_100, using: &random))
            time.wall += Int64.random(in: -3...3, using: &random)
            let outcomes = (0..<5).map { column -> Reading.Outcome in
                Int.random(in: 0..<10, using: &random) < column
                    ? .noData(NoData(reasons.randomElement(using: &random) ?? .timeout))
                    : .value(Double.random(in: -50...50, using: &random))
            }
            tail.append(TailBatch(time: time, interval: 1_000, series: [1, 2, 3, 4, 5], outcomes: outcomes))
        }
        let builder = BlockBuilder(window: 600_000, run: 3, deployment: "somewhere")
        let blocks = builder.blocks(of: tail, from: 17)
        let block = try #require(blocks.first)
        #expect(blocks.count == 1)
        #expect(block.groups[0].wall == tail.map(\.time.wall))
        #expect(block.groups[0].monotonic == tail.map(\.time.monotonic))
        let back = try Block(header: block.header, payload: block.payload())
        #expect(back == block)
    }

    @Test("a block is cut where the clock jumps, the boot changes, trust comes, or the window ends")
    func cuts() {
        func batch(_ change: (inout Timestamp) -> Void) -> TailBatch {
            var time = Timestamp.first
            change(&time)
            return TailBatch(time: time, interval: 1_000, series: [1], outcomes: [.value(1)])
        }
        let tail = [
            batch { _ in }, batch { $0 = $0.after(1_000) },
            batch {
                $0 = $0.after(2_000); $0.wall += 86_400_000
            },
            batch {
                $0 = $0.after(3_000); $0.wall += 86_400_000; $0.isTrusted = false
            },
            batch { $0.boot = 2 },
            batch {
                $0.boot = 2; $0 = $0.after(60_000)
            },
        ]
        let blocks = BlockBuilder(window: 60_000, run: 1, deployment: nil).blocks(of: tail, from: 1)
        #expect(blocks.map { $0.groups[0].wall.count } == [2, 1, 1, 1, 1])
        #expect(blocks.map(\.header.sequence) == [1, 2, 3, 4, 5])
    }

    @Test("what is cut off or invented throws, whatever it is", arguments: 0..<200)
    func damage(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let header = BlockHeader(
            sequence: 1, start: 0, end: 9, boot: 1, monotonic: 0, isTrusted: true, run: 1, interval: 1_000,
            deployment: nil)
        var bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        if !bytes.isEmpty { bytes[0] = 0 }
        // Nothing to expect but an answer: a value that happens to parse, or an error.
        _ = try? Block(header: header, payload: bytes)
        _ = Trend(StoredRow(.trend, id: Int64(seed), [bytes.blob]))
        _ = HourRollup(StoredRow(.minutes, id: Int64(seed), [1, bytes.blob]))
    }

    @Test("a trend row knows its series, resolution and place", arguments: [-7, 0, 20_000])
    func trendKey(_ day: Int64) throws {
        for tier in [Tier.hour, .quarter] {
            let period = Trend.period(tier, of: day * 86_400_000)
            var trend = Trend(tier, 0xFFFF_FFF0, period: period)
            trend.buckets[5].add(3.5)
            trend.buckets[6].reason = .busError
            let back = try #require(Trend(trend.row))
            #expect(back.tier == tier && back.series == 0xFFFF_FFF0 && back.period == period)
            #expect(back.buckets == trend.buckets)
        }
    }

    @Test(
        "names of files tell the time", arguments: [(0, "19700101T000000Z"), (1_795_219_323_999, "20261121T000203Z")])
    func civilTime(_ wall: Int64, _ text: String) {
        #expect(CivilTime.compact(wall) == text)
    }
}

extension Double {
    /// As a driver does that keeps what its chip can tell.
    func rounded(digits: Int) -> Double {
        let power = (0..<digits).reduce(1.0) { power, _ in power * 10 }
        return (self * power).rounded() / power
    }
}
