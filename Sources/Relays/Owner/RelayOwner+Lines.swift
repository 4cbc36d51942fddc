import Glibc
import Hardware
import Platform
import Site

/// The lines: taken, driven, looked at.
extension RelayOwner {
    func makePorts(for relays: [RelayConfiguration]) -> [CoilPort] {
        relays.map { relay in
            switch relay.output {
            case .line(let number):
                return CoilPort(
                    relay: relay.id, place: .line("GPIO\(number)"), active: relay.active, onCrash: relay.onCrash)
            case .expander(let pin):
                let expander =
                    expanders[pin.location] ?? Expander(pin.location, on: parts.buses.i2c(pin.location.bus))
                expanders[pin.location] = expander
                return CoilPort(
                    relay: relay.id, place: .pin(expander, pin.pin), active: relay.active, onCrash: relay.onCrash)
            }
        }
    }

    /// Goes on with lines that an earlier process left; those that belong to no relay any more are let go.
    func adopt(_ kept: [InheritedDescriptor]) {
        for descriptor in kept {
            let file = Descriptor(owning: descriptor.number)
            let index = ports.firstIndex { port in
                if case .line(descriptor.name) = port.place { port.line == nil } else { false }
            }
            guard let index else {
                try? parts.notifier?.forget(descriptor.name)
                continue
            }
            do throws(HardwareError) {
                ports[index].line = try parts.lines.adopt(
                    file, as: descriptor.name, isActiveLow: ports[index].active == .low, consumer: Self.consumer)
            } catch {
                try? parts.notifier?.forget(descriptor.name)
                note(lineTrouble(ports[index].relay, "\(error)"))
            }
        }
        // Whatever was forgotten above goes by its name, which two may have.
        for index in ports.indices {
            guard case .line(let name) = ports[index].place, let line = ports[index].line else { continue }
            ports[index].isHeld = hold(line, name)
        }
    }

    /// Takes over what expanders drive, as far as they answer at once.
    func findExpanders() async {
        await withTaskGroup { group in
            for expander in expanders.values {
                group.addTask { _ = try? await expander.find(within: .milliseconds(300)) }
            }
        }
    }

    /// What the coils' lines took, or are found as, where that can be said.
    func coilsFound() -> [String: Bool] {
        var coils: [String: Bool] = [:]
        for port in ports {
            // Of a line that reads otherwise, it is what it took that counts.
            if let taken = port.taken {
                coils[port.relay] = taken
                continue
            }
            switch port.place {
            case .line: coils[port.relay] = port.line.flatMap { try? $0.isActive() }
            case .pin(let expander, let pin): coils[port.relay] = expander.driven(pin).map { port.coil(high: $0) }
            }
        }
        return coils
    }

    // MARK: Driving

    func drive(_ drive: RelayDrive) {
        guard let index = ports.firstIndex(where: { $0.relay == drive.relay }) else {
            return feed(.driveFailed(relay: drive.relay, change: drive.change, reason: "it has no line"))
        }
        let before = ports[index].wanted
        ports[index].wanted = drive.coil
        switch ports[index].place {
        case .line:
            do throws(HardwareError) {
                if let line = ports[index].line { try line.set(drive.coil) } else { try take(index) }
                ports[index].taken = drive.coil
                feed(.driven(relay: drive.relay, change: drive.change))
            } catch {
                if error.kind == .notPresent { lose(index) }
                giveUp(drive, before: before)
                feed(.driveFailed(relay: drive.relay, change: drive.change, reason: error.sentence))
            }
        case .pin(let expander, let pin):
            expander.set(pin, high: ports[index].high(coil: drive.coil))
            lastWrite += 1
            let number = lastWrite
            writes[number] = Task {
                do {
                    try await expander.apply()
                    if let index = ports.firstIndex(where: { $0.relay == drive.relay }) {
                        ports[index].taken = drive.coil
                    }
                    feed(.driven(relay: drive.relay, change: drive.change))
                } catch {
                    giveUp(drive, before: before)
                    feed(.driveFailed(relay: drive.relay, change: drive.change, reason: "\(error)"))
                }
                writes[number] = nil
            }
        }
    }

    /// Returns when no expander is being written: each write has its deadline, and who writes again and again to one
    /// that fails is not waited for.
    func writesDone() async {
        for write in Array(writes.values) { await write.value }
    }

    /// What was refused is not done later, when the line answers again; what is safe is.
    private func giveUp(_ drive: RelayDrive, before: Bool?) {
        guard !drive.isSafe, let index = ports.firstIndex(where: { $0.relay == drive.relay }),
            ports[index].wanted == drive.coil
        else { return }
        ports[index].wanted = before
        guard case .pin(let expander, let pin) = ports[index].place else { return }
        if let before {
            expander.set(pin, high: ports[index].high(coil: before))
        } else {
            expander.forget(pin)
        }
    }

    /// Takes a line of the board with what its coil is to be from the first moment on, and leaves it with systemd.
    private func take(_ index: Int) throws(HardwareError) {
        guard case .line(let name) = ports[index].place, let coil = ports[index].wanted else { return }
        let line = try parts.lines.output(
            name, isActiveLow: ports[index].active == .low, isActive: coil, consumer: Self.consumer)
        ports[index].line = line
        ports[index].taken = coil
        ports[index].isHeld = hold(line, name)
    }

    /// Its chip went; the next look asks for it anew.
    private func lose(_ index: Int) {
        guard case .line(let name) = ports[index].place, ports[index].line != nil else { return }
        ports[index].line = nil
        ports[index].isHeld = false
        try? parts.notifier?.forget(name)
    }

    private func hold(_ line: any OutputLine, _ name: String) -> Bool {
        guard let descriptor = line.descriptor, let notifier = parts.notifier else { return false }
        return (try? notifier.keep(descriptor, as: name)) != nil
    }

    // MARK: Looking

    /// Reads every coil back, and takes lines that have come meanwhile.
    ///
    /// - Returns: False while one is not there.
    func lookAtLines() -> Bool {
        var isComplete = true
        for index in ports.indices {
            guard case .line(let name) = ports[index].place else { continue }
            if ports[index].line == nil { try? take(index) }
            guard let line = ports[index].line else {
                isComplete = false
                continue
            }
            // systemd's queue may have been full.
            if !ports[index].isHeld { ports[index].isHeld = hold(line, name) }
            do throws(HardwareError) {
                feed(.readBack(relay: ports[index].relay, coil: try line.isActive()))
            } catch {
                if error.kind == .notPresent { lose(index) }
                feed(.readBack(relay: ports[index].relay, coil: nil))
            }
        }
        for expander in expanders.values {
            isComplete = isComplete && expander.hasAnswered
            Task { await look(at: expander) }
        }
        markRestart()
        return isComplete
    }

    private func markRestart() {
        let isSafe = ports.allSatisfy(\.outlivesProcess)
        guard isSafe != isRestartSafe, let state = parts.state else { return }
        isRestartSafe = isSafe
        Task { await state.mark(restartIsSafe: isSafe) }
    }

    private func look(at expander: Expander) async {
        let found = try? await expander.check()
        if found?.wasReset == true { note(expanderReset(expander.location)) }
        for port in ports {
            guard case .pin(let mine, let pin) = port.place, mine === expander else { continue }
            feed(.readBack(relay: port.relay, coil: found?.levels[pin].map { port.coil(high: $0) }))
        }
    }
}
