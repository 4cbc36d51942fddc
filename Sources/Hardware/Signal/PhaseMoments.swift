/// What a sine leaves of samples, averaged over the phase of its cycle.
///
/// Gaps of a busy machine take some parts of a cycle more than others, and a plain average would weigh what is left by
/// how often it was seen: up to 6 % wrong. Here each part of a cycle counts alike.
struct PhaseMoments {
    let mean: Double
    /// Mean square of the samples about the fit's mean, beyond that of its sine.
    let excess: Double

    /// nil when a part of the cycle was never seen.
    init?(_ samples: some Sequence<SineFit.Sample>, around fit: SineFit, parts: Int = 16) {
        var weights = [Double](repeating: 0, count: parts)
        var sums = weights
        var squares = weights
        for sample in samples {
            let part = min(Int(fit.phase(of: sample) * Double(parts)), parts - 1)
            let rest = fit.remainder(of: sample)
            weights[part] += sample.weight
            sums[part] += sample.weight * rest
            squares[part] += sample.weight * rest * (rest + 2 * fit.sine(at: sample))
        }
        guard weights.allSatisfy({ $0 > 0 }) else { return nil }
        mean = zip(sums, weights).reduce(0) { $0 + $1.0 / $1.1 } / Double(parts)
        excess = zip(squares, weights).reduce(0) { $0 + $1.0 / $1.1 } / Double(parts)
    }
}
