import Appliance
import Glibc
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
        do throws(SystemError) {
            let listener =
                if let socket, isWanted { try ModbusListener(socket.descriptor) } else {
                    try ModbusListener(port: modbus.port, isLoopback: isLoopback(modbus.allow))
                }
            logger.info("Modbus clients are listened to", metadata: ["port": "\(modbus.port)"])
            return listener
        } catch {
            logger.error(
                "nobody is served by Modbus: \(sentence(error, modbus.port))", metadata: ["port": "\(modbus.port)"])
            return nil
        }
    }

    /// Whether 127.0.0.1 alone is listened at.
    ///
    /// Loopback is two addresses in IPv6, and one socket has one: for `::1` every address is listened at, where whoever is not
    /// listed is turned away.
    static func isLoopback(_ allow: [IPNetwork]) -> Bool {
        allow.allSatisfy { $0.address.isIPv4 && $0.address.isLoopback }
    }

    /// What has failed, with what to do about it where that is known.
    static func sentence(_ error: SystemError, _ port: Int) -> String {
        switch error.number {
        // Such a port is systemd's to open, and it has not.
        case EACCES, EPERM:
            "\(error). Try: sudo picli host apply && sudo systemctl restart picli, after which systemd opens port \(port)."
        case EADDRINUSE:
            "\(error). Another program already listens there; `ss -ltnp sport = :\(port)` tells which."
        default: "\(error)"
        }
    }
}
