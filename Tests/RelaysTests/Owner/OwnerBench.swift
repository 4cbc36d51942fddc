import Hardware
import Platform
import Site
import Synchronization
import TestSupport

@testable import Relays

/// The owner with lines and an expander that are simulated, and the machine's own clock.
struct OwnerBench {
    let folder = TemporaryDirectory()
    let lines = SimulatedLines()
    let buses = Buses.simulated([.mcp23017(bus: 1, address: 0x20)], clock: .running(from: 0))
    let events = Events()

    final class Events: Sendable {
        let all = Mutex<[Event]>([])
        var codes: [String] { all.withLock { $0.map(\.code.rawValue) } }
    }

    static let site = """
        site: { name: Bench }
        relays:
          - { id: strobe, line: GPIO27, boot: off }
          - { id: router, line: GPIO17, contact: nc, active: low, boot: on, restore: 60s }
          - { id: fan, line: GPIO22, boot: on, on_crash: off }
          - { id: camera, expander: { bus: 1, address: 0x20, pin: GPB1 }, boot: on }
        """

    func write(_ text: String) throws { try AtomicFile.replace("\(folder.path)/site.yaml", with: Array(text.utf8)) }

    func owner(
        boot: String = "a", record: String = "state", lines: (any Lines)? = nil, time: OwnerTime = .kernel,
        zoneFile: @escaping @Sendable (String) -> [UInt8]? = { ZoneFile.bytes(of: $0) }
    ) throws -> RelayOwner {
        for name in ["state", "run"] { try makeDirectory("\(folder.path)/\(name)") }
        return RelayOwner(
            .init(
                site: .file(
                    "\(folder.path)/site.yaml", keptIn: ["\(folder.path)/run", "\(folder.path)/state"],
                    zoneFile: zoneFile),
                lines: lines ?? self.lines, buses: buses, record: .here("\(folder.path)/\(record)"),
                state: OwnerStateFile(directory: "\(folder.path)/run"), boot: boot, time: time,
                report: { [events] event in events.all.withLock { $0.append(event) } }))
    }

    func expander() async throws -> UInt16 {
        try await buses.i2c(1).run(within: .seconds(1)) { bus in
            let bytes = try bus.transfer(to: 0x20, write: [0x12], read: 2)
            return UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        }
    }
}

/// Lines that are there, and do not take what they are told while they fail, nor tell how they stand while they lie.
final class FailingLines: Lines {
    let fails = Mutex(false)
    let lies = Mutex(false)
    private let lines: SimulatedLines

    init(_ lines: SimulatedLines) { self.lines = lines }

    func output(
        _ name: String, isActiveLow: Bool, isActive: Bool, consumer: String
    ) throws(HardwareError) -> any OutputLine {
        Output(
            line: try lines.output(name, isActiveLow: isActiveLow, isActive: isActive, consumer: consumer), bank: self)
    }

    func input(
        _ name: String, _ wiring: InputWiring, consumer: String
    ) throws(HardwareError) -> any InputLine { try lines.input(name, wiring, consumer: consumer) }

    private struct Output: OutputLine {
        let line: any OutputLine
        let bank: FailingLines

        var place: String { line.place }
        var descriptor: Int32? { nil }

        func set(_ isActive: Bool) throws(HardwareError) {
            guard !bank.fails.withLock({ $0 }) else { throw HardwareError(.busError, "\(place) does not answer") }
            try line.set(isActive)
        }

        func isActive() throws(HardwareError) -> Bool { try line.isActive() != bank.lies.withLock { $0 } }
    }
}
