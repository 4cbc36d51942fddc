import Glibc

/// When the sun rises and sets.
///
/// The formulas of NOAA's solar calculator (gml.noaa.gov/grad/solcalc), which are those of J. Meeus, "Astronomical
/// Algorithms", chapters 25 and 28; the upper edge of the sun at the horizon, with refraction of a standard atmosphere:
/// its centre 0.833 degrees below. Within a minute of published tables up to 60 degrees of latitude, for the years 1900
/// to 2100; beyond, the slow sun makes more of it.
public struct Sun: Hashable, Sendable {
    /// Degrees, north and east positive.
    public let latitude: Double
    public let longitude: Double

    public init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    /// What the sun does in one day, in seconds since 1970.
    public struct Day: Hashable, Sendable {
        public var sunrise: Int64
        public var noon: Int64
        public var sunset: Int64
    }

    /// The day whose solar noon is nearest to the given second.
    ///
    /// Where the sun does not rise that day, sunrise and sunset both fall on noon; where it does not set, sunrise falls
    /// on the midnight before and sunset on that after it.
    public func day(around second: Int64) -> Day {
        let meanNoon = 43_200 - longitude * 240
        let days = ((Double(second) - meanNoon) / 86_400).rounded()
        let middle = days * 86_400 + meanNoon
        let noon = days * 86_400 + transit(at: middle)
        // Declination and equation of time move within the day: once more at the time that was found.
        func event(_ sign: Double) -> Double {
            var time = noon
            for _ in 0..<3 { time = days * 86_400 + transit(at: time) + sign * halfDay(at: time) }
            return time
        }
        return Day(
            sunrise: Int64(event(-1).rounded()), noon: Int64(noon.rounded()), sunset: Int64(event(1).rounded()))
    }

    /// Seconds after midnight UTC of the day at which the sun passes the meridian.
    private func transit(at second: Double) -> Double {
        43_200 - longitude * 240 - Position(second).equationOfTime * 60
    }

    /// Seconds from noon to sunset; at most half a day.
    private func halfDay(at second: Double) -> Double {
        let declination = Position(second).declination
        let latitude = latitude * .pi / 180
        let cosine =
            (Glibc.sin(-0.833 * .pi / 180) - Glibc.sin(latitude) * Glibc.sin(declination))
            / (Glibc.cos(latitude) * Glibc.cos(declination))
        return Glibc.acos(min(1, max(-1, cosine))) * 180 / .pi * 240
    }
}

/// Where the sun stands, as seen from the middle of the earth.
private struct Position {
    /// Radians north of the equator.
    var declination: Double
    /// Minutes by which a sundial is ahead of a clock.
    var equationOfTime: Double

    init(_ second: Double) {
        let century = (second / 86_400 + 2_440_587.5 - 2_451_545) / 36_525
        func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
        let meanLongitude = radians(280.46646 + century * (36_000.76983 + century * 0.0003032))
        let anomaly = radians(357.52911 + century * (35_999.05029 - 0.0001537 * century))
        let eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
        let center =
            Glibc.sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
            + Glibc.sin(2 * anomaly) * (0.019993 - 0.000101 * century) + Glibc.sin(3 * anomaly) * 0.000289
        let node = radians(125.04 - 1934.136 * century)
        let longitude = meanLongitude + radians(center - 0.00569 - 0.00478 * Glibc.sin(node))
        let meanObliquity =
            23 + (26 + (21.448 - century * (46.815 + century * (0.00059 - century * 0.001813))) / 60) / 60
        let obliquity = radians(meanObliquity + 0.00256 * Glibc.cos(node))
        declination = Glibc.asin(Glibc.sin(obliquity) * Glibc.sin(longitude))
        let half = Glibc.tan(obliquity / 2)
        let y = half * half
        let equation =
            y * Glibc.sin(2 * meanLongitude) - 2 * eccentricity * Glibc.sin(anomaly)
            + 4 * eccentricity * y * Glibc.sin(anomaly) * Glibc.cos(2 * meanLongitude)
            - y * y / 2 * Glibc.sin(4 * meanLongitude)
            - 1.25 * eccentricity * eccentricity * Glibc.sin(2 * anomaly)
        equationOfTime = 4 * equation * 180 / .pi
    }
}
