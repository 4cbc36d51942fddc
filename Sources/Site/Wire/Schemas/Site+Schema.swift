extension SiteDocument: Described {
    public static let schema = Schema.document([
        .required("name", .string(), "What people call the site."),
        .required("timezone", .string(), "As the IANA calls it: `America/Denver`."),
        .required("simulated", .flag, "Whether the sensors are simulated."),
        .required("sensors", .array(of: Sensor.schema), "Those of the site file, in its order."),
    ]).named("Site")
}

extension SiteDocument.Sensor: Described {
    public static let schema = Schema.object([
        .required("id", .string(), "The first word of its series."),
        .required("name", .string(), "For people."),
        .required("interval", .number, "Seconds between two readings."),
        .required("enabled", .flag, "Whether it is read."),
    ]).named("Sensor")
}
