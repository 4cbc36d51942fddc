import Platform
import Site

extension HostText {
    /// Port 502 for Modbus/TCP: `picli-modbus.socket` opens it while this file is there, when picli.service starts.
    static let modbus = HostText { input in
        let path = "\(directory)/modbus"
        guard input.site.compatibility.modbus?.isOpenedBySystemd ?? false else {
            return Rendered(steps: [PlanStep("modbus", "Leave the port of Modbus/TCP closed.", .absent(path: path))])
        }
        return Rendered(steps: [
            PlanStep(
                "modbus", "Let systemd open port 502 for Modbus/TCP.",
                .file(PlanFile(path, heading + "# picli-modbus.socket opens port 502 while this file is here.\n")))
        ])
    }
}
