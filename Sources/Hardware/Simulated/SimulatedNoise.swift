import Glibc

/// Noise that depends on nothing but a seed and a time, so that a simulation can be repeated and has no memory.
public struct SimulatedNoise: Hashable, Sendable {
    private let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    /// Another, independent noise for each name.
    public func named(_ name: String) -> SimulatedNoise {
        // FNV-1a, 64 bits.
        SimulatedNoise(seed: name.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    /// 0..<1, the same for the same index; uniform over the indices.
    public func uniform(_ index: Int64) -> Double {
        // SplitMix64 of seed and index.
        var bits = seed &+ UInt64(bitPattern: index) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) * 0x1p-53
    }

    /// Mean 0, standard deviation 1, independent for each index; three uniforms are normal enough.
    public func normal(_ index: Int64) -> Double {
        let sum = uniform(index &* 3) + uniform(index &* 3 &+ 1) + uniform(index &* 3 &+ 2)
        return (sum - 1.5) * 2
    }

    /// A smooth wander between −1 and 1 that turns about every `period` seconds.
    public func wander(at time: Double, period: Double) -> Double {
        let position = time / period
        let index = Int64(position.rounded(.down))
        let part = position - Double(index)
        let blend = part * part * (3 - 2 * part)
        return 2 * (uniform(index) * (1 - blend) + uniform(index + 1) * blend) - 1
    }
}
