import Site

extension FixtureSource {
    /// One metric and its value at any time in seconds.
    struct Channel: Sendable {
        var metric: Metric
        var value: @Sendable (Double) -> Double
    }

    var channels: [Channel] { sensors + board }

    private var sensors: [Channel] {
        func channel(_ id: String, _ quantity: Quantity, _ unit: Unit, _ value: @escaping @Sendable (Double) -> Double)
            -> Channel
        { Channel(metric: Metric(id, quantity, unit: unit, isSimulated: isSimulated), value: value) }
        let sun = Self.sun
        let noise = Self.noise
        return [
            channel("battery", .voltage, .volt) { 12.4 + 1.3 * sun($0 - 4_000) + 0.02 * noise($0, 1) },
            channel("solar", .voltage, .volt) { 12.1 + 6.2 * sun($0) + 0.1 * noise($0, 2) },
            channel("solar", .current, .ampere) { 4.1 * sun($0) * (0.8 + 0.2 * noise($0, 3)) },
            channel("solar", .power, .watt) { 78 * sun($0) * (0.8 + 0.2 * noise($0, 3)) },
            channel("enclosure", .temperature, .celsius) { 24 + 11 * sun($0 - 7_200) + 0.2 * noise($0, 4) },
            channel("cabin", .temperature, .celsius) { 19 + 4 * sun($0 - 9_000) + 0.1 * noise($0, 5) },
            channel("battery-box", .temperature, .celsius) { 15 + 6 * sun($0 - 10_800) + 0.1 * noise($0, 6) },
            channel("ambient", .temperature, .celsius) { -4 + 13 * sun($0) + 0.4 * noise($0, 7) },
            channel("ambient", .humidity, .percent) { 71 - 38 * sun($0) + noise($0, 8) },
            channel("router-power", .power, .watt) { 6.4 + 1.2 * abs(noise($0 / 60, 9)) },
            channel("router-power", .voltage, .volt) { 12.4 + 1.3 * sun($0 - 4_000) + 0.02 * noise($0, 10) },
            channel("router-power", .current, .ampere) { 0.51 + 0.1 * abs(noise($0 / 60, 9)) },
            channel("camera-power", .power, .watt) { (sun($0) > 0.05 ? 11.5 : 17.8) + 0.4 * noise($0, 11) },
            channel("camera-power", .voltage, .volt) { 12.3 + 1.3 * sun($0 - 4_000) + 0.02 * noise($0, 12) },
            channel("camera-power", .current, .ampere) { (sun($0) > 0.05 ? 0.93 : 1.43) + 0.03 * noise($0, 11) },
            channel("strobe-current", .apparentPower, .voltAmpere) { sun($0) > 0 ? 0.4 : 46 + noise($0, 13) },
            channel("strobe-current", .current, .ampere) { sun($0) > 0 ? 0.003 : 0.383 + 0.01 * noise($0, 13) },
            channel("strobe-current", .sampleRate, .hertz) { 823 + noise($0, 14) },
            channel("strobe-current", .clipping, .percent) { _ in 0 },
            channel("tank", .level, Unit(rawValue: "psi")) {
                3.2 - 0.000_002 * $0.truncatingRemainder(dividingBy: 600_000)
            },
        ]
    }

    private var board: [Channel] {
        func channel(
            _ quantity: String, _ unit: Unit, _ instance: String? = nil, _ value: @escaping @Sendable (Double) -> Double
        ) -> Channel {
            Channel(metric: Metric("board", Quantity(rawValue: quantity), instance: instance, unit: unit), value: value)
        }
        let sun = Self.sun
        let noise = Self.noise
        let isFailing = scene == .failing
        return [
            channel("temperature", .celsius) { 47 + 9 * sun($0 - 7_200) + 0.5 * noise($0, 20) },
            channel("cpu_usage", .percent) { 7 + 3 * noise($0 / 30, 21) },
            channel("load_1m", .none) { 0.3 + 0.2 * noise($0 / 60, 22) },
            channel("uptime", .second) { $0.truncatingRemainder(dividingBy: 400_000) },
            channel("under_voltage", .none) { _ in 0 },
            channel("under_voltage_since_boot", .none) { _ in isFailing ? 1 : 0 },
            channel("throttled", .none) { _ in 0 },
            channel("throttled_since_boot", .none) { _ in 0 },
            channel("memory_total", .byte) { _ in 3_976_000_000 },
            channel("memory_available", .byte) { 3_310_000_000 - 80_000_000 * noise($0 / 600, 23) },
            channel("filesystem_size", .byte, "/") { _ in 31_200_000_000 },
            channel("filesystem_free", .byte, "/") {
                24_100_000_000 - 900 * $0.truncatingRemainder(dividingBy: 600_000)
            },
            channel("filesystem_read_only", .none, "/") { _ in 0 },
            channel("filesystem_size", .byte, "/srv/camera") { _ in 1_000_200_000_000 },
            channel("filesystem_free", .byte, "/srv/camera") {
                (isFailing ? 41e9 : 612e9) - 20_000 * $0.truncatingRemainder(dividingBy: 600_000)
            },
            channel("filesystem_read_only", .none, "/srv/camera") { _ in isFailing ? 1 : 0 },
            channel("disk_written", .byte, "mmcblk0") { 900 * $0 - 1.5e12 + 4_000 * noise($0 / 60, 24) },
            channel("disk_read", .byte, "mmcblk0") { 120 * ($0 - 1.7e9) },
            channel("network_received", .byte, "eth0") { 41_000 * ($0 - 1.7e9) + 9e7 * sun($0) },
            channel("network_transmitted", .byte, "eth0") { 390_000 * ($0 - 1.7e9) },
            channel("network_link", .none, "eth0") { _ in 1 },
            channel("network_received", .byte, "wlan0") { 300 * ($0 - 1.7e9) },
            channel("network_transmitted", .byte, "wlan0") { 210 * ($0 - 1.7e9) },
            channel("network_link", .none, "wlan0") { _ in isFailing ? 0 : 1 },
            Channel(
                metric: Metric("collector", .duration, instance: "ds18b20", unit: .second),
                value: { 0.94 + 0.02 * noise($0, 25) }),
            Channel(
                metric: Metric("collector", .success, instance: "ds18b20", unit: .none),
                value: { _ in isFailing ? 0 : 1 }),
        ]
    }

    /// The height of the sun from 0 to 1, up from 14:00 to 24:00 UTC; without a library's sine.
    private static let sun: @Sendable (Double) -> Double = { time in
        let hours = (time / 3_600).truncatingRemainder(dividingBy: 24)
        let place = (hours - 19) / 5
        return max(0, 1 - place * place)
    }

    /// Between −1 and 1, smooth over 10 s, the same for the same time.
    private static let noise: @Sendable (Double, UInt64) -> Double = { time, seed in
        func random(_ index: Int64) -> Double {
            var bits = UInt64(bitPattern: index) &* 0x9E37_79B9_7F4A_7C15 ^ seed &* 0xD1B5_4A32_D192_ED03
            bits ^= bits >> 29
            bits = bits &* 0xBF58_476D_1CE4_E5B9
            bits ^= bits >> 32
            return Double(bits >> 11) / Double(1 << 52) - 1
        }
        let index = (time / 10).rounded(.down)
        let share = time / 10 - index
        return random(Int64(index)) * (1 - share) + random(Int64(index) + 1) * share
    }
}
