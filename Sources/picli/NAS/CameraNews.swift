import Site

/// How long ago a camera has finished its newest clip, as the running unit says.
struct CameraNews: Encodable {
    let camera: String
    /// In seconds; nil: there is none, or it is not known.
    let age: Double?
    /// Why there is none.
    let reason: String?

    /// Of all cameras, from the newest readings of the unit.
    static func all(_ readings: [Reading]) -> [CameraNews] {
        readings.compactMap { reading in
            guard reading.metric.subject == "footage", reading.metric.quantity == .newestAge,
                let camera = reading.metric.instance
            else { return nil }
            return CameraNews(
                camera: camera, age: reading.value, reason: reading.noData.map { $0.detail ?? $0.reason.words })
        }
    }

    var text: String {
        guard let age else { return "\(camera): \(reason ?? "nothing is known")." }
        return "\(camera): its newest clip is \(Numeral.age(milliseconds: Int64(age * 1000))) old."
    }
}
