public import Logging
import Platform
public import ServiceLifecycle
public import Site

/// Serves Modbus/TCP to the clients that the site file names: two at once, as the boxes do.
public struct ModbusService: Service {
    private let clients: ControlByWebClients
    private let listener: ModbusListener
    private let desk: ModbusDesk
    private let logger: Logger

    /// - Parameters:
    ///   - registers: nil where the site file has none.
    ///   - latest: The newest reading of each series.
    ///   - tables: The folder of the kernel's tables of routes.
    public init(
        _ configuration: ModbusConfiguration, of site: SiteFile, listener: ModbusListener, relays: RelayDesk,
        registers: ModbusRegisters?, latest: @escaping @Sendable () async throws -> [Reading],
        now: @escaping @Sendable () -> Timestamp, tables: String = "/proc/net", logger: Logger
    ) {
        // No network, whatever the site file says: there is no password.
        clients = ControlByWebClients(configuration.allow.filter(\.isSingleAddress), tables: tables)
        self.listener = listener
        desk = ModbusDesk(
            map: ModbusMap(configuration, of: site), relays: relays, values: ModbusValues(site), registers: registers,
            latest: latest, now: now, logger: logger, patience: listener.limits.answer)
        self.logger = logger
    }

    public func run() async throws {
        let places = ModbusPlaces(
            listener.limits.clients, patience: listener.limits.yields, logger: logger)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    do {
                        let client = try await listener.next { address in admits(address, places) }
                        guard let client else { return }
                        places.works()
                        // Nobody else takes one.
                        let guest = places.take(client.peer) { client.leave() }
                        group.addTask {
                            await serve(client) { places.heard(guest) }
                            places.giveBack(guest)
                        }
                    } catch {
                        places.failed(error)
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
            }
        }
    }

    /// Whether somebody may come in: who is listed, is no router, and finds a place.
    func admits(_ address: IPAddress, _ places: ModbusPlaces) -> Bool {
        guard clients.admits("\(address)") else {
            places.refused("\(address)", "it is not in compatibility.modbus.allow, or a router of this unit")
            return false
        }
        guard places.isFree(for: address) else {
            places.refused("\(address)", "as many as are served at once are connected")
            return false
        }
        return true
    }

    /// - Parameter heard: Called with each frame.
    private func serve(_ client: ModbusConnection, _ heard: @Sendable () -> Void) async {
        let address = "\(client.peer)"
        while let frame = await client.next() {
            heard()
            let start = KernelClock.monotonic()
            let answer = await desk.answer(frame, from: address)
            guard await client.send(answer, to: frame) else { return }
            // The client has given up meanwhile: what it sent behind this one is not done, now that it expects it no more.
            if KernelClock.monotonic() - start > listener.limits.answer { return }
        }
    }
}
