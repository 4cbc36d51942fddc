import Site
import Web

/// What a box is told goes here: relays through the one door to them, the rest into what is kept for clients.
actor ControlByWebDesk {
    nonisolated let box: ControlByWebBox
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
                inputs: box.inputs.map { input($0.point.id, kept, time.monotonic) },
                sensors: box.sensors.map {
                    readings.value("\($0.point.id).\($0.quantity.rawValue)", at: time.monotonic)
                },
                vin: box.vin.flatMap { readings.value("\($0).\(Quantity.voltage.rawValue)", at: time.monotonic) },
                registers: box.registers.map { kept.registers[$0.id] ?? 0 }, watchdog: statuses.first??.watchdog,
                time: time.wall / 1000, zoneOffset: zone.offset(at: time.wall / 1000).seconds,
                isAway: document.away != nil && !box.relays.isEmpty)
        }
    }

    private func input(
        _ id: String, _ kept: ControlByWebMemory.Content, _ time: Int64
    ) -> ControlByWebState.Input {
        .init(
            isOn: readings.state(of: id, at: time),
            count: readings.count(of: id, at: time).map { max(0, $0 + (kept.counts[id] ?? 0)) },
            onTime: readings.onTime(of: id, at: time),
            totalOnTime: readings.total(of: id, at: time).map { max(0, $0 + (kept.totals[id] ?? 0)) })
    }

    /// Wall milliseconds of the time from which on the log is told.
    nonisolated var logBegin: Int64? { memory.content.logBegin }

    // MARK: Commands

    /// What became of the commands of one request.
    struct Outcome: Sendable {
        var done = 0
        /// One was passed on, and the owner of the relays has not said what became of it.
        var isUncertain = false
        /// The first refusal; nil when all was done.
        var refusal: Problem?
    }

    /// Does one after the other what a request asks for, and writes each down.
    ///
    /// One request after the other: see `CommandQueue`. What is known beforehand to be refused keeps the whole request from
    /// being done; what the owner of the relays refuses later keeps no other from being done, as on a box.
    func perform(_ commands: [ControlByWebCommand], by origin: Origin) async -> Outcome {
        let outcome = await relays.queue.take(within: Self.patience, by: now) {
            await self.carryOut(commands, by: origin)
        }
        if let outcome { return outcome }
        return await givenUp(commands, origin)
    }

    private static let patience = Duration.seconds(5)

    private func givenUp(_ commands: [ControlByWebCommand], _ origin: Origin) async -> Outcome {
        for command in commands { await decline(command, nil, origin, "not done: too many wait") }
        return Outcome(
            refusal: Problem(
                status: 503, code: "controlbyweb.busy", detail: "Others wait already. Nothing was done.", retryAfter: 5)
        )
    }

    /// The same at once: for whoever has its turn already.
    func carryOut(_ commands: [ControlByWebCommand], by origin: Origin) async -> Outcome {
        // The owner of the relays answers for one alone.
        if commands.count > 1, let refusal = await foreseen(commands, origin) { return Outcome(refusal: refusal) }
        var outcome = Outcome()
        // Each would take as long to be refused, and others wait behind it.
        var isStuck = false
        for command in commands {
            if isStuck, command.isOfRelay {
                await decline(command, nil, origin, "not done: the relays do not answer")
                continue
            }
            do throws(Problem) {
                try await perform(command, by: origin)
                outcome.done += 1
            } catch {
                outcome.refusal = outcome.refusal ?? error
                let isSlow = error.status == 503 && error.code != RelayRefusal.Code.lineFailed.rawValue
                if isSlow, command.isOfRelay { isStuck = true }
                if error.mayBeDone { outcome.isUncertain = true }
            }
        }
        await memory.keep(at: now().monotonic)
        return outcome
    }

    /// The refusal of which can be known before any of them is done, written down for each; nil for none.
    private func foreseen(_ commands: [ControlByWebCommand], _ origin: Origin) async -> Problem? {
        var statuses: [RelayStatus] = []
        var refused: (index: Int, problem: Problem)?
        if let first = commands.firstIndex(where: \.isOfRelay) {
            do throws(Problem) { statuses = try await relays.asked() } catch {
                refused = (index: first, problem: error)
            }
        }
        let forecast = ControlByWebForecast(relays.configurations, statuses, now: now().wall)
        var seen: Set<Int> = []
        for (index, command) in commands.enumerated() where refused == nil {
            switch command {
            case .relay(let relay, let change, let length):
                let point = box.relays[relay].point
                let told = box.relays[relay].command(change, length, watchdog: forecast.watchdog(of: point.id))
                let isFirst = seen.insert(relay).inserted
                if let refusal = forecast.refusal(of: told, on: point.id, isFirst: isFirst) {
                    refused = (index: index, problem: Problem(refusal))
                }
            case .count, .onTime, .totalOnTime:
                if !isCounted(command) { refused = (index: index, problem: Self.unknown(subject(of: command).id)) }
            case .register, .eraseLog: break
            }
        }
        guard let refused else { return nil }
        for (index, command) in commands.enumerated() {
            let reason =
                index == refused.index
                ? refused.problem.relayOutcome : "not done: another command of the request was refused"
            await decline(command, forecast, origin, reason)
        }
        return refused.problem
    }

    /// Writes down a command that was not tried, with the reason.
    private func decline(
        _ command: ControlByWebCommand, _ forecast: ControlByWebForecast?, _ origin: Origin, _ reason: String
    ) async {
        let subject = subject(of: command)
        guard case .relay(let index, let change, let length) = command else {
            return await note(subject, reason, origin, .refused)
        }
        let told = box.relays[index].command(change, length, watchdog: forecast?.watchdog(of: subject.id))
        await relays.decline(told, on: subject.id, by: origin, reason)
    }

    private func perform(_ command: ControlByWebCommand, by origin: Origin) async throws(Problem) {
        let subject = subject(of: command)
        let time = now()
        var (text, isNews) = ("", true)
        switch command {
        case .relay(let index, let change, let length): return try await turn(box.relays[index], change, length, origin)
        case .register(_, let value):
            isNews = memory.change { $0.registers[subject.id] = value }
            text = ControlByWebValues.plain(value)
            if isNews { changes.continuation.yield() }
        case .count(_, let count):
            guard let own = readings.count(of: subject.id, at: time.monotonic) else {
                throw await uncounted(subject, origin)
            }
            isNews = memory.change { $0.counts[subject.id] = Double(count) - own }
            text = "\(count)"
        case .totalOnTime(_, let seconds):
            guard let own = readings.total(of: subject.id, at: time.monotonic) else {
                throw await uncounted(subject, origin)
            }
            isNews = memory.change { $0.totals[subject.id] = seconds - own }
            text = "\(ControlByWebValues.plain(seconds)) s"
        case .onTime(_, let seconds):
            guard readings.total(of: subject.id, at: time.monotonic) != nil else {
                throw await uncounted(subject, origin)
            }
            readings.setOnTime(of: subject.id, seconds, at: time.monotonic)
            text = "\(ControlByWebValues.plain(seconds)) s"
        case .eraseLog:
            isNews = memory.change { $0.logBegin = time.wall }
            text = "begins anew for clients"
        }
        await note(subject, isNews ? text : "\(text), as before", origin, isNews ? .number : .unchanged)
    }

    /// Whether the unit knows what an input has counted so far, where a command is about that.
    private func isCounted(_ command: ControlByWebCommand) -> Bool {
        let id = subject(of: command).id
        return switch command {
        case .count: readings.count(of: id, at: now().monotonic) != nil
        case .onTime, .totalOnTime: readings.total(of: id, at: now().monotonic) != nil
        case .relay, .register, .eraseLog: true
        }
    }

    /// What the audit log calls it, and what it is about.
    func subject(of command: ControlByWebCommand) -> (what: String, id: String) {
        switch command {
        case .relay(let index, _, _): ("relay", box.relays[index].point.id)
        case .register(let index, _): ("register", box.registers[index].id)
        case .count(let index, _): ("count", box.inputs[index].point.id)
        case .onTime(let index, _): ("on_time", box.inputs[index].point.id)
        case .totalOnTime(let index, _): ("total_on_time", box.inputs[index].point.id)
        case .eraseLog: ("log", "log.txt")
        }
    }

    private func turn(
        _ relay: ControlByWebBox.Relay, _ change: ControlByWebCommand.Switch, _ length: Duration?, _ origin: Origin
    ) async throws(Problem) {
        // Which way a pulse goes depends on the watchdog: what was heard last may be old, or nothing yet.
        var all = await relays.statuses.all
        if change == .pulse, relay.watchdog != nil {
            do throws(Problem) { all = try await relays.asked() } catch {
                let told = relay.command(change, length, watchdog: nil)
                await relays.decline(told, on: relay.point.id, by: origin, error.relayOutcome)
                throw error
            }
        }
        let status = all.first { $0.relay == relay.point.id }
        do {
            _ = try await relays.perform(
                relay.command(change, length, watchdog: status?.watchdog?.state), on: relay.point.id,
                as: .compatibility, by: origin)
        } catch let problem as Problem {
            throw problem
        } catch {
            var problem = Problem(
                status: 503, code: Problem.relaysAway, detail: "The owner of the relays has not answered.")
            problem.mayBeDone = true
            throw problem
        }
    }

    private func uncounted(_ subject: (what: String, id: String), _ origin: Origin) async -> Problem {
        let problem = Self.unknown(subject.id)
        await note(subject, "refused: \(problem.code)", origin, .refused)
        return problem
    }

    private static func unknown(_ id: String) -> Problem {
        Problem(
            status: 503, code: "input.unknown", detail: "The unit does not know yet what \(id) has counted.",
            retryAfter: 5)
    }

    /// - Parameter outcome: What became of it, of refusals, without what differs each time; nil: just the details.
    func note(
        _ subject: (what: String, id: String), _ details: String, _ origin: Origin, _ kind: AuditRepeats.Kind,
        outcome: String? = nil
    ) async {
        let entry = AuditEntry(
            time: now(), actor: origin.actor, origin: origin.place, action: .init("controlbyweb.\(subject.what)"),
            subject: subject.id, details: details)
        await relays.writeDown(entry, as: kind, kind == .refused ? outcome ?? details : "")
    }

    /// Tells what clients said again and again, when it is time for that.
    ///
    /// - Parameter isLast: All of it, and returns when it is written down.
    func tellRepeats(isLast: Bool = false) async {
        await relays.tellRepeats(isLast: isLast)
        if isLast { await relays.written() }
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
