/// Temperature of the processor: a thermal zone of its name (sysfs-class-thermal), else a hwmon chip (sysfs-class-hwmon).
struct BoardTemperature {
    /// Zone types of a processor: Raspberry Pi by its device tree, PC by its driver.
    private static let zones: Set<String> = ["cpu-thermal", "cpu_thermal", "soc-thermal", "x86_pkg_temp"]
    private static let chips: Set<String> = ["cpu_thermal", "coretemp", "k10temp", "zenpower"]

    func figures(_ files: BoardFiles) -> [BoardFigure] {
        guard let path = Self.path(files) else { return [] }
        return figure(.temperature) { () throws(BoardFault) in try celsius(path, files) }
    }

    private static func path(_ files: BoardFiles) -> String? {
        let thermal = "/sys/class/thermal"
        let zone = files.names(in: thermal).first { name in
            name.hasPrefix("thermal_zone")
                && zones.contains(((try? files.text("\(thermal)/\(name)/type")) ?? nil) ?? "")
        }
        if let zone { return "\(thermal)/\(zone)/temp" }
        return HardwareMonitor.chips(files).first { chips.contains($0.name) }.map { "\($0.path)/temp1_input" }
    }
}

/// Reads millidegrees Celsius; a value that no running board can have is garbage.
func celsius(_ path: String, _ files: BoardFiles) throws(BoardFault) -> Double? {
    guard let thousandths = try files.integer(path) else { return nil }
    guard (-60_000...160_000).contains(thousandths) else { throw BoardFiles.garbage(path, String(thousandths)) }
    return Double(thousandths) / 1000
}

/// Chips of the kernel's hardware monitoring, by the name that their driver gives.
enum HardwareMonitor {
    static func chips(_ files: BoardFiles, in directory: String = "/sys/class/hwmon") -> [(name: String, path: String)]
    {
        files.names(in: directory).compactMap { entry in
            let path = "\(directory)/\(entry)"
            guard let name = (try? files.text("\(path)/name")) ?? nil else { return nil }
            return (name, path)
        }
    }
}
