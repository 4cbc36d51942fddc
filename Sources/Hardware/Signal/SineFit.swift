import Glibc

/// The least-squares fit of `mean + a·cos(2πft) + b·sin(2πft)` to irregular, weighted samples.
///
/// Unlike a Fourier transform it needs no whole number of cycles and no even spacing.
struct SineFit {
    struct Sample {
        /// Seconds.
        var time: Double
        let value: Double
        let weight: Double
    }

    let frequency: Double
    let mean: Double
    /// Half of a² + b².
    let power: Double
    /// Mean square of what the sine does not explain: harmonics, noise.
    let residual: Double
    private let cosine: Double
    private let sine: Double
    /// What the coefficients count from.
    private var middle = 0.0

    /// The fit at the frequency of the given band that explains most.
    ///
    /// A coarse scan finds the lobe, a golden-section search its top. nil with fewer than 8 samples.
    init?(_ samples: [Sample], band: ClosedRange<Double>) {
        guard samples.count >= 8, let first = samples.first, let last = samples.last else { return nil }
        // Times around 0 keep the normal equations well conditioned.
        let middle = (first.time + last.time) / 2
        let centred = samples.map { Sample(time: $0.time - middle, value: $0.value, weight: $0.weight) }
        let coarse = stride(from: band.lowerBound, through: band.upperBound, by: 1)
            .compactMap { Self(centred, at: $0) }
        guard let best = coarse.min(by: { $0.residual < $1.residual }) else { return nil }
        var low = max(band.lowerBound, best.frequency - 1)
        var high = min(band.upperBound, best.frequency + 1)
        var top = best
        let golden = 0.618_033_988_75
        for _ in 0..<12 {
            guard let left = Self(centred, at: high - (high - low) * golden),
                let right = Self(centred, at: low + (high - low) * golden)
            else { break }
            if left.residual < right.residual {
                high = right.frequency
                top = left
            } else {
                low = left.frequency
                top = right
            }
        }
        self = top.residual < best.residual ? top : best
        self.middle = middle
    }

    /// Which part of its cycle a sample is in, 0..<1.
    func phase(of sample: Sample) -> Double {
        let cycles = frequency * (sample.time - middle)
        return cycles - cycles.rounded(.down)
    }

    /// The sine at the time of a sample, without the mean.
    func sine(at sample: Sample) -> Double {
        let angle = 2 * Double.pi * frequency * (sample.time - middle)
        return cosine * cos(angle) + sine * sin(angle)
    }

    /// What the fit leaves of a sample.
    func remainder(of sample: Sample) -> Double { sample.value - mean - sine(at: sample) }

    /// The fit at one frequency; nil when the samples do not determine it.
    private init?(_ samples: [Sample], at frequency: Double) {
        let omega = 2 * Double.pi * frequency
        var (count, c, s, cc, cs, ss) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        var (y, yc, ys, yy) = (0.0, 0.0, 0.0, 0.0)
        for sample in samples {
            let (cosine, sine) = (cos(omega * sample.time), sin(omega * sample.time))
            let (weight, value) = (sample.weight, sample.weight * sample.value)
            count += weight
            c += weight * cosine
            s += weight * sine
            cc += weight * cosine * cosine
            cs += weight * cosine * sine
            ss += weight * sine * sine
            y += value
            yc += value * cosine
            ys += value * sine
            yy += value * sample.value
        }
        // Normal equations with the mean eliminated.
        let (mcc, mcs, mss) = (cc - c * c / count, cs - c * s / count, ss - s * s / count)
        let (myc, mys) = (yc - y * c / count, ys - y * s / count)
        let determinant = mcc * mss - mcs * mcs
        guard determinant > 1e-9 * count * count else { return nil }
        let a = (myc * mss - mys * mcs) / determinant
        let b = (mys * mcc - myc * mcs) / determinant
        self.frequency = frequency
        mean = (y - a * c - b * s) / count
        cosine = a
        sine = b
        power = (a * a + b * b) / 2
        residual = max(0, (yy - y * y / count - a * myc - b * mys) / count)
    }
}
