import Glibc

/// The physics of a solar trailer as plain functions of time: weather, enclosure, battery and loads.
///
/// No state is kept, so any moment can be asked for in any order; the same seed gives the same trailer.
public struct SimulatedTrailer: Hashable, Sendable {
    /// Degrees, north and east positive.
    public let latitude: Double
    public let longitude: Double
    let noise: SimulatedNoise

    public init(latitude: Double = 40, longitude: Double = 0, seed: UInt64 = 1) {
        self.latitude = latitude
        self.longitude = longitude
        noise = SimulatedNoise(seed: seed)
    }

    // MARK: Sun and weather. Times are seconds since 1970 UTC.

    /// Hours since local solar midnight, 0..<24.
    func solarHour(at time: Double) -> Double {
        let hours = time / 3600 + longitude / 15
        return hours - (hours / 24).rounded(.down) * 24
    }

    private func declination(at time: Double) -> Double {
        let day = (time / 86_400).truncatingRemainder(dividingBy: 365.2425)
        return 23.44 * .pi / 180 * sin(2 * .pi * (day - 80) / 365.2425)
    }

    /// Sine of the sun's height; below 0 at night.
    func sunHeight(at time: Double) -> Double {
        let (phi, delta) = (latitude * .pi / 180, declination(at: time))
        return sin(phi) * sin(delta) + cos(phi) * cos(delta) * cos((solarHour(at: time) - 12) * .pi / 12)
    }

    /// Share of full sun on the panel, clouds included, 0…1.
    public func sunlight(at time: Double) -> Double {
        let day = (time / 86_400 + longitude / 360).rounded(.down)
        let cloudiness = noise.named("day").uniform(Int64(day)) * 0.7
        let clouds = (noise.named("clouds").wander(at: time, period: 1500) + 1) / 2
        return max(0, sunHeight(at: time)) * (1 - cloudiness * clouds)
    }

    /// Air outside, °C.
    public func ambientTemperature(at time: Double) -> Double {
        let season = 13 + 12 * declination(at: time) / (23.44 * .pi / 180) * (latitude < 0 ? -1 : 1)
        let daily = -7 * cos((solarHour(at: time) - 3) * .pi / 12)
        return season + daily + 1.5 * noise.named("ambient").wander(at: time, period: 7200)
    }

    /// Air in the enclosure: electronics heat it always, the sun on its wall with an hour of delay.
    public func enclosureTemperature(at time: Double) -> Double {
        let sun = (0..<4).reduce(0) { $0 + sunlight(at: time - Double($1) * 1200) } / 4
        return ambientTemperature(at: time) + 5 + 18 * sun + 0.3
            * noise.named("enclosure").wander(at: time, period: 300)
    }

    /// Percent relative humidity of air of a temperature, by the Magnus formula from a slowly moving dew point.
    public func humidity(ofAirAt temperature: Double, at time: Double) -> Double {
        let dewPoint = ambientTemperature(at: time) - 7 + 2 * noise.named("dew").wander(at: time, period: 20_000)
        func saturation(_ celsius: Double) -> Double { exp(17.62 * celsius / (243.12 + celsius)) }
        return min(98, max(5, 100 * saturation(dewPoint) / saturation(temperature)))
    }

    /// hPa: highs and lows that pass in days, and the tide of the atmosphere twice a day.
    public func airPressure(at time: Double) -> Double {
        let tide = cos(4 * .pi * (solarHour(at: time) - 10) / 24)
        return 1013 + 11 * noise.named("pressure").wander(at: time, period: 130_000) + 0.8 * tide
    }

    // MARK: Things of any name

    /// A fixed number between −1 and 1 for a name.
    public func offset(of name: String) -> Double { 2 * noise.named("offset \(name)").uniform(0) - 1 }

    /// A slow wander between −1 and 1 for a name.
    public func wander(of name: String, at time: Double) -> Double {
        noise.named("wander \(name)").wander(at: time, period: 1800)
    }

    // MARK: Battery, 12 V

    /// Volts: falls over the night, rises with the sun, stays at 13.6 V when full.
    public func batteryVoltage(at time: Double) -> Double {
        let hour = solarHour(at: time)
        // What the day's sun has brought so far, and the night taken: 0.55…1 of full.
        let dayShare = min(1, max(0, (hour - 6.5) / 9))
        let nightShare = hour > 15.5 ? (hour - 15.5) / 15 : hour < 6.5 ? (hour + 8.5) / 15 : 0
        let charged = 0.55 + 0.45 * (1 - cos(.pi * dayShare)) / 2
        let charge = hour >= 6.5 && hour <= 15.5 ? charged : 1 - 0.45 * nightShare
        let resting = 12 + 0.8 * charge
        let charging = charge < 0.9 ? 13.1 + 1.3 * charge / 0.9 : 14.4 - 0.8 * (charge - 0.9) / 0.1
        let share = 1 - exp(-8 * sunlight(at: time))
        return resting * (1 - share) + charging * share + 0.01 * noise.named("battery").wander(at: time, period: 20)
    }

    /// Volts of the panel.
    public func panelVoltage(at time: Double) -> Double {
        let share = 1 - exp(-20 * sunlight(at: time))
        return 18.5 * share + 0.2 * noise.named("panel").wander(at: time, period: 30) * share
    }

    /// Amperes from the panel into the battery.
    public func chargeCurrent(at time: Double) -> Double { 9 * sunlight(at: time) }

    // MARK: Loads

    /// Watts at 12 V of a load.
    public func power(of load: SimulatedLoad, at time: Double) -> Double {
        let noise = noise.named("load \(load.rawValue)")
        let ripple = 0.1 * noise.wander(at: time, period: 3)
        switch load {
        case .router:
            let traffic = max(0, noise.wander(at: time, period: 45))
            return 6.5 + 2.5 * traffic * traffic + ripple
        case .camera:
            // The infra-red lamps switch at dusk, not at a time.
            return 5 + (sunHeight(at: time) < 0.03 ? 8.5 : 0) + ripple
        case .compressor:
            // On for a third of 20 minutes, longer when it is hot; three times the power in the first two seconds.
            let period = 1200.0
            let position = time.truncatingRemainder(dividingBy: period)
            let share = min(0.8, max(0.1, 0.3 + (enclosureTemperature(at: time - position) - 25) / 60))
            guard position < period * share else { return 0.4 + ripple / 4 }
            return position < 2 ? 165 : 55 + 2 * ripple
        case .steady:
            return 12 + 0.3 * noise.wander(at: time, period: 120) + ripple
        }
    }
}

/// What hangs on a simulated supply.
public enum SimulatedLoad: String, Hashable, Sendable, CaseIterable {
    case router
    case camera
    case compressor
    case steady
}
