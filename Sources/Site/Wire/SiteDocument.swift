/// Answer of `/api/v1/site`: what a page or a client needs to name things; nothing personal, no address.
public struct SiteDocument: Codable, Hashable, Sendable {
    public struct Sensor: Codable, Hashable, Sendable {
        public var id: String
        public var name: String
        public var interval: Double
        public var enabled: Bool
    }

    public var schema = 1
    public var name: String
    public var timezone: String
    /// True when the sensors are simulated.
    public var simulated: Bool
    public var sensors: [Sensor]

    public init(_ file: SiteFile, isSimulated: Bool) {
        name = file.site.name
        timezone = file.site.timezone
        simulated = isSimulated
        sensors = file.sensors.map {
            Sensor(id: $0.id, name: $0.name, interval: $0.interval / .seconds(1), enabled: $0.isEnabled)
        }
    }
}
