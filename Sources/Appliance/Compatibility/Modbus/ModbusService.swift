public import Logging
import Platform
public import ServiceLifecycle
public import Site

/// Serves Modbus/TCP to the clients that the site file names: two at once, as the boxes do.
public struct ModbusService: Service {
    private let configuration: ModbusConfiguration
    private let listener: ModbusListener
    private let desk: ModbusDesk
    private let logger: Logger

    /// - Parameters:
    ///   - registers: nil where the site file has none.
    ///   - latest: The newest reading of each series.
    public init(
        _ configuration: ModbusConfiguration, of site: SiteFile, listener: ModbusListener, relays: RelayDesk,
        registers: ModbusRegisters?, latest: @escaping @Sendable () async throws -> [Reading],
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.configuration = configuration
        self.listener = listener
        desk = ModbusDesk(
            map: ModbusMap(configuration, of: site), relays: relays, values: ModbusValues(site), registers: registers,
            latest: latest, now: now, logger: logger)
        self.logger = logger
    }

    public func run() async throws {
        let places = ModbusPlaces(listener.limits.clients, logger: logger)
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    do {
                        guard let client = try await listener.next() else { return }
                        guard let address = admit(client, places) else { continue }
                        group.addTask {
                            await serve(client, from: address)
                            places.giveBack()
                        }
                    } catch {
                        logger.error("no Modbus client is taken", metadata: ["error": "\(error)"])
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
            }
        }
    }

    /// Who it is, when it may come in: whoever else it is finds the connection closed.
    private func admit(_ client: ModbusConnection, _ places: ModbusPlaces) -> String? {
        guard let address = client.peer else { return nil }
        let name = "\(address)"
        guard configuration.allow.contains(where: { $0.isSingleAddress && $0.contains(address) }) else {
            places.refused(name, "it is not in compatibility.modbus.allow")
            return nil
        }
        guard places.take() else {
            places.refused(name, "as many as are served at once are connected")
            return nil
        }
        return name
    }

    private func serve(_ client: ModbusConnection, from address: String) async {
        while let frame = await client.next() {
            let answer = await desk.answer(frame, from: address)
            guard await client.send(answer, to: frame) else { return }
        }
    }
}
