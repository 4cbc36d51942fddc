public import Platform
public import Site

/// The neighbours that the site file names, and nobody else.
extension SelfTest {
    /// Two pings to the router and to each camera.
    public static func neighbours(_ network: NetworkConfiguration, with commands: any CommandRunner) async -> [Check] {
        var checks: [Check] = []
        if let router = network.router {
            checks.append(
                await ping(router.address, "router", "The router", "cable, power and address of the router", commands))
        }
        for camera in network.cameras {
            checks.append(
                await ping(
                    camera.address, "camera.\(camera.id)", "The camera '\(camera.name)'",
                    "cable, power and address of the camera", commands))
        }
        return checks
    }

    private static func ping(
        _ address: IPAddress, _ id: String, _ name: String, _ what: String, _ commands: any CommandRunner
    ) async -> Check {
        let command = Command(
            "ping", ["-n", "-q", "-c", "2", "-i", "0.5", "-W", "2", "\(address)"], timeout: .seconds(10),
            expected: [0, 1, 2])
        do {
            let answer = try await commands.run(command)
            guard answer.status != 0 else { return Check(id, .passed, "\(name) answers at \(address).") }
            return Check(id, .failed, "\(name) does not answer at \(address).", hint: "check \(what)")
        } catch {
            return Check(id, .skipped, "\(name) could not be asked: \(error).", hint: "apt install iputils-ping")
        }
    }

    /// A connection to the broker with the unit's certificate; nil when the site has none.
    public static func broker(_ uplink: UplinkConfiguration?, identity: UnitIdentity) async -> Check? {
        guard let uplink else { return nil }
        let broker = UnitIdentity.Broker(host: uplink.broker.host, port: uplink.broker.port ?? 8883)
        guard identity.has(UnitIdentity.Role.device.certificateFile) else {
            return Check("broker", .skipped, "Without a certificate the broker is not asked.")
        }
        do {
            try await identity.prove(at: broker)
            return Check("broker", .passed, "The broker \(broker) lets the unit in.")
        } catch let failure as Failure {
            return Check("broker", .failed, failure.message, hint: failure.hint)
        } catch {
            return Check("broker", .failed, "The broker \(broker) could not be asked: \(error).")
        }
    }
}
