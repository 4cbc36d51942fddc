import Site
import Web

/// What a box is told goes here: relays through the one door to them, the rest into what is kept for clients.
actor ControlByWebDesk {
    let box: ControlByWebBox
    private let relays: RelayDesk
    private let memory: ControlByWebMemory
    private let zone: LocalZone
    private let now: @Sendable () -> Timestamp
    private var readings: ControlByWebReadings
    /// Whose registers have changed, for readings of them.
    nonisolated let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(
        _ box: ControlByWebBox, relays: RelayDesk, memory: ControlByWebMemory, zone: LocalZone,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.box = box
        self.relays = relays
        self.memory = memory
        self.zone = zone
        self.now = now
        readings = ControlByWebReadings(box)
    }

    func observe(_ batch: ReadingBatch) { readings.observe(batch) }

    // MARK: How it stands

    var state: ControlByWebState {
        get async {
            let document = await relays.document
            let time = now()
            let kept = memory.content
            let statuses = box.relays.map { relay in document.relays.first { $0.id == relay.point.id }?.status }
            return ControlByWebState(
                coils: statuses.map { document.away == nil && $0?.line != .failed ? $0?.coil : nil },
                inputs: box.inputs.map { input(($0.point.id), kept, time.monotonic) },
                sensors: box.sensors.map { readings.value("\($0.point.id).\($0.quantity.rawValue)") },
                vin: box.vin.flatMap { readings.value("\($0).\(Quantity.voltage.rawValue)") },
                registers: box.registers.map { kept.registers[$0.id] ?? 0 }, watchdog: statuses.first??.watchdog,
                time: time.wall / 1000, zoneOffset: zone.offset(at: time.wall / 1000).seconds,
                isAway: document.away != nil && !box.relays.isEmpty)
        }
    }

    private func input(
        _ id: String, _ kept: ControlByWebMemory.Content, _ time: Int64
    ) -> ControlByWebState.Input {
        .init(
            isOn: readings.state(of: id), count: readings.count(of: id).map { max(0, $0 + (kept.counts[id] ?? 0)) },
            onTime: readings.onTime(of: id, at: time),
            totalOnTime: readings.total(of: id, at: time).map { max(0, $0 + (kept.totals[id] ?? 0)) })
    }

    /// Wall milliseconds of the time from which on the log is told.
    nonisolated var logBegin: Int64? { memory.content.logBegin }

    // MARK: Commands

    /// Does one after the other what a request asks for, and writes each down.
    ///
    /// One that is refused keeps no other from being done, as on a box.
    ///
    /// - Returns: the first refusal; nil when all was done.
    func perform(_ commands: [ControlByWebCommand], by origin: Origin) async -> Problem? {
        var refusal: Problem?
        for command in commands {
            do throws(Problem) { try await perform(command, by: origin) } catch { refusal = refusal ?? error }
        }
        await memory.keep(at: now().monotonic)
        return refusal
    }

    private func perform(_ command: ControlByWebCommand, by origin: Origin) async throws(Problem) {
        switch command {
        case .relay(let index, let change, let length): try await turn(box.relays[index], change, length, origin)
        case .register(let index, let value):
            let point = box.registers[index]
            memory.change { $0.registers[point.id] = value }
            changes.continuation.yield()
            await note("register", point.id, ControlByWebValues.plain(value), origin)
        case .count(let index, let count):
            let id = box.inputs[index].point.id
            guard let own = readings.count(of: id) else { throw await unknown("count", id, origin) }
            memory.change { $0.counts[id] = Double(count) - own }
            await note("count", id, "\(count)", origin)
        case .totalOnTime(let index, let seconds):
            let id = box.inputs[index].point.id
            guard let own = readings.total(of: id, at: now().monotonic) else {
                throw await unknown("total_on_time", id, origin)
            }
            memory.change { $0.totals[id] = seconds - own }
            await note("total_on_time", id, "\(ControlByWebValues.plain(seconds)) s", origin)
        case .onTime(let index, let seconds):
            let id = box.inputs[index].point.id
            let time = now().monotonic
            guard readings.total(of: id, at: time) != nil else { throw await unknown("on_time", id, origin) }
            readings.setOnTime(of: id, seconds, at: time)
            await note("on_time", id, "\(ControlByWebValues.plain(seconds)) s", origin)
        case .eraseLog:
            let time = now().wall
            memory.change { $0.logBegin = time }
            await note("log", "log.txt", "begins anew for clients", origin)
        }
    }

    private func turn(
        _ relay: ControlByWebBox.Relay, _ change: ControlByWebCommand.Switch, _ length: Duration?, _ origin: Origin
    ) async throws(Problem) {
        let status = await relays.statuses.all.first { $0.relay == relay.point.id }
        do {
            _ = try await relays.perform(
                relay.command(change, length, watchdog: status?.watchdog?.state), on: relay.point.id,
                as: .compatibility, by: origin)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(status: 503, code: "relay.away", detail: "The owner of the relays has not answered.")
        }
    }

    private func unknown(_ what: String, _ id: String, _ origin: Origin) async -> Problem {
        await note(what, id, "refused: input.unknown", origin)
        return Problem(
            status: 503, code: "input.unknown", detail: "The unit does not know yet what \(id) has counted.",
            retryAfter: 5)
    }

    /// Writes down what was asked for and not done, with the reason.
    func refuse(_ what: String, _ subject: String, _ code: String, _ origin: Origin) async {
        await note(what, subject, "refused: \(code)", origin)
    }

    private func note(_ what: String, _ subject: String, _ details: String, _ origin: Origin) async {
        await relays.writeDown(
            AuditEntry(
                time: now(), actor: origin.actor, origin: origin.place, action: .init("controlbyweb.\(what)"),
                subject: subject, details: details))
    }
}

extension ControlByWebBox.Relay {
    /// What a number means for this relay: 1 is a coil with current, whatever its contact feeds.
    ///
    /// A pulse of a relay whose watchdog is on restarts the load, as on a box in its automatic reboot mode.
    ///
    /// - Parameter state: That of the watchdog; nil without one.
    func command(
        _ change: ControlByWebCommand.Switch, _ length: Duration?, watchdog state: WatchdogStatus.State?
    ) -> RelayCommand {
        switch change {
        case .off, .on: return self.state(ofCoil: change == .on) == .on ? .on : .off
        case .toggle: return .toggle
        case .disarm: return .disarm
        case .rearm: return .rearm
        case .pulse:
            guard let watchdog, let state, state != .disarmed else { return .pulse(length, self.state(ofCoil: true)) }
            switch watchdog.method {
            case .cut: return .pulse(length ?? watchdog.offFor, .off)
            // The relay lies across a button, which is pressed.
            case .button, .atx: return .pulse(length ?? watchdog.press, .on)
            }
        }
    }
}
