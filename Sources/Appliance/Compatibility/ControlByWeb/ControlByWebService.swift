public import Hummingbird
public import Logging
import Platform
public import ServiceLifecycle
public import Site
public import Store
public import Web

/// The unit as a ControlByWeb box: `compatibility.controlbyweb` of the site file.
///
/// It follows readings for its documents, makes readings of its registers, and keeps what clients have set.
public struct ControlByWebService: Service {
    private let desk: ControlByWebDesk
    private let door: ControlByWebDoor
    private let memory: ControlByWebMemory
    private let isSimulated: Bool
    private let now: @Sendable () -> Timestamp
    /// From when it was made on: what is read while others start is not missed.
    private let readings: AsyncStream<ReadingBatch>
    private let publish: @Sendable (ReadingBatch) async -> Void

    /// How often registers are told besides each change.
    static let interval = Duration.seconds(10)

    /// - Parameters:
    ///   - directory: Where registers are kept.
    ///   - source: Where the history is, for the log.
    ///   - serial: The address of the unit's network interface; nil where it has none.
    ///   - batches: A new reader's view of all readings; asked for once, before the unit begins to read.
    ///   - publish: Takes a batch for live readers and for keeping.
    public init(
        _ site: SiteFile, _ configuration: ControlByWebConfiguration, relays: RelayDesk, source: any ReadingSource,
        directory: String, serial: String?, isSimulated: Bool, now: @escaping @Sendable () -> Timestamp,
        logger: Logger, batches: @escaping @Sendable () -> AsyncStream<ReadingBatch>,
        publish: @escaping @Sendable (ReadingBatch) async -> Void
    ) {
        let box = ControlByWebBox(site, configuration)
        let zone = LocalZone.named(site.site.timezone) ?? .utc
        // What a simulation was told is no beginning for what is real.
        memory = ControlByWebMemory(
            "\(directory)/\(isSimulated ? "controlbyweb-simulated" : "controlbyweb").json", logger: logger)
        desk = ControlByWebDesk(box, relays: relays, memory: memory, zone: zone, now: now)
        var place: (latitude: Double, longitude: Double)?
        if let latitude = site.site.latitude, let longitude = site.site.longitude { place = (latitude, longitude) }
        door = ControlByWebDoor(
            desk, log: ControlByWebLog(box, source: source, zone: zone), needsToken: configuration.auth == .token,
            serial: serial, place: place, now: now)
        self.isSimulated = isSimulated
        self.now = now
        readings = batches()
        self.publish = publish
    }

    /// Its registers, for those who set and read them in another way.
    public var registers: ModbusRegisters {
        ModbusRegisters(
            value: { [memory, desk] id in
                desk.box.registers.contains { $0.id == id } ? memory.content.registers[id] ?? 0 : nil
            }, set: { [desk] id, value, origin in await desk.setRegister(id, to: value, by: origin) })
    }

    /// Answers one request.
    public func answer(_ request: Request, _ caller: ForeignDoor.Caller) async -> Response {
        await door.answer(request, caller)
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await batch in readings { await desk.observe(batch) } }
                // However often a client sets them: the newest of a second is told.
                group.addTask {
                    for await _ in desk.changes.stream {
                        await tell()
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
                group.addTask {
                    repeat { await tell() } while (try? await Task.sleep(for: Self.interval)) != nil
                }
                group.addTask {
                    while (try? await Task.sleep(for: .seconds(1))) != nil { await memory.keep(at: now().monotonic) }
                }
                group.addTask { while (try? await Task.sleep(for: .seconds(30))) != nil { await desk.tellRepeats() } }
            }
        }
        await memory.write(at: now().monotonic)
        try? await withDeadline(.seconds(4)) { [desk] in await desk.tellRepeats(isLast: true) }
    }

    /// The registers as readings: `register.value@setpoint`.
    private func tell() async {
        let (time, kept) = (now(), memory.content.registers)
        let readings = desk.box.registers.map { point in
            Reading(
                Metric(Metric.register, .value, instance: point.id, unit: .none, isSimulated: isSimulated), at: time,
                value: kept[point.id] ?? 0)
        }
        guard !readings.isEmpty else { return }
        await publish(ReadingBatch(time: time, interval: Self.interval, readings: readings))
    }
}
