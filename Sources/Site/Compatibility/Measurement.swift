extension SiteFile {
    /// One quantity that a sensor of the site measures.
    public struct Measurement: Hashable, Sendable {
        /// What people call the sensor.
        public var name: String
        /// Its metric: `enclosure.temperature`.
        public var metric: String
        public var unit: Unit

        init(_ sensor: SensorConfiguration, _ quantity: (quantity: String, unit: Unit)) {
            name = sensor.name
            metric = "\(sensor.id).\(quantity.quantity)"
            unit = quantity.unit
        }
    }

    /// In the order of the file, without what a measurement says of itself.
    public var measurements: [Measurement] {
        sensors.flatMap { sensor in
            sensor.chip.quantities.filter { !["sample_rate", "clipping"].contains($0.quantity) }
                .map { Measurement(sensor, $0) }
        }
    }

    /// `enclosure`, `mast.humidity`; nil when there is no such sensor or quantity.
    func measurement(_ text: String) -> Measurement? {
        let parts = text.split(separator: ".")
        guard let id = parts.first, let sensor = sensors.first(where: { $0.id == id }) else { return nil }
        let quantities = sensor.chip.quantities
        let found = parts.count > 1 ? quantities.first { $0.quantity == parts[1] } : quantities.first
        return found.map { Measurement(sensor, $0) }
    }

    /// `battery.voltage`, or the first voltage of `battery`; nil when there is none.
    func voltage(_ text: String) -> Measurement? {
        if text.contains(".") { return measurement(text).flatMap { $0.unit == .volt ? $0 : nil } }
        guard let sensor = sensors.first(where: { $0.id == text }) else { return nil }
        return sensor.chip.quantities.first { $0.unit == .volt }.map { Measurement(sensor, $0) }
    }
}
