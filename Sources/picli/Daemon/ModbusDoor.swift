import Appliance
import Logging
import Platform
import Site

/// Where Modbus clients connect: what systemd opened, or a port that the process opens itself.
enum ModbusDoor {
    /// `FileDescriptorName=` of picli-modbus.socket.
    static let socketName = "modbus"

    /// nil where the site file does not ask for it, or when the port cannot be opened, which is no reason not to sense.
    static func listener(_ site: SiteFile, _ activated: [ActivatedSocket], _ logger: Logger) -> ModbusListener? {
        let socket = activated.first { $0.name == socketName }
        let isWanted = site.compatibility.modbus?.isOpenedBySystemd ?? false
        // Where the site file has changed since systemd was told, that port is closed.
        if let socket, !isWanted { _ = Descriptor(owning: socket.descriptor) }
        guard let modbus = site.compatibility.modbus else { return nil }
        do {
            if let socket, isWanted { return try ModbusListener(socket.descriptor) }
            return try ModbusListener(
                port: modbus.port, isLoopback: modbus.allow.allSatisfy(\.address.isLoopback))
        } catch {
            logger.error("nobody is served by Modbus: \(error)", metadata: ["port": "\(modbus.port)"])
            return nil
        }
    }
}
