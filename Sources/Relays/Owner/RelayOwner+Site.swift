import Glibc
import Hardware
import Platform
import Site

/// The site file: read at the start, when somebody asks for it, and again while it could not be read.
extension RelayOwner {
    /// Between two tries of a site file that could not be read; each pause is twice as long as the one before.
    static let firstPause: Int64 = 2000
    private static let longestPause: Int64 = 60_000

    /// Reads it, with a number that tells which of two readings is the newer one.
    func read() async -> (SiteSource.Reading, number: Int) {
        readings.begun += 1
        let number = readings.begun
        return (await parts.site.read(), number)
    }

    /// Reads it and puts it into force.
    ///
    /// - Returns: Why it is not; nil when it is.
    func readNow() async -> String? {
        let (reading, number) = await read()
        guard number > readings.taken else { return reading.problem }
        readingPause = Self.firstPause
        tell(of: reading)
        await take(reading, number)
        return reading.problem
    }

    /// Tries one that could not be read, until it can.
    func readAgain(at now: Int64) {
        readingPause = min(2 * readingPause, Self.longestPause)
        nextReading = now + readingPause
        Task {
            var (reading, number) = await read()
            guard decider != nil, number > readings.taken else { return }
            if let inForce, siteProblem == nil {
                // Only the zone was missing: an edited file waits until somebody has it read.
                reading.site = inForce.site
                reading.problem = nil
                if reading.zone?.name != inForce.site.site.timezone { reading.zone = nil }
            }
            // What was told already is not told every minute.
            if reading.isUnread, reading.problem != nil { tellZone(of: reading) } else { tell(of: reading) }
            await take(reading, number)
        }
    }

    /// Says what is wrong with it, and when it is tried again.
    func tell(of reading: SiteSource.Reading) {
        siteProblem = reading.problem
        nextReading = reading.isUnread ? parts.time.sinceBoot() + readingPause : nil
        if let problem = reading.problem { note(siteRefused(problem, hasLast: reading.site != nil)) }
        tellZone(of: reading)
    }

    private func tellZone(of reading: SiteSource.Reading) {
        guard zoneProblem != reading.zoneProblem else { return }
        zoneProblem = reading.zoneProblem
        if let problem = reading.zoneProblem { note(zoneUnknown(problem)) }
    }

    /// Puts it into force, unless it is already.
    private func take(_ reading: SiteSource.Reading, _ number: Int) async {
        guard number > readings.taken else { return }
        readings.taken = number
        guard let site = reading.site else { return }
        if let inForce {
            // Where the present one is broken, the last good one can bring nothing but its zone.
            guard site == inForce.site || reading.problem == nil else { return }
            guard site != inForce.site || reading.zone != nil && reading.zone != inForce.zone else { return }
        }
        // Of an expander that is being written nobody knows yet what it drives.
        await writesDone()
        guard decider != nil, number == readings.taken else { return }
        adopt(site, zone: reading.zone)
    }

    /// What a decider begins with.
    func beginning(_ kind: RelayStart.Kind) -> RelayStart {
        RelayStart(
            kind, unfinished: memory.unfinished.values.sorted { $0.number < $1.number }, coils: coilsFound(),
            powered: parts.powered)
    }

    // MARK: Lines of another site file

    private func adopt(_ site: SiteFile, zone: LocalZone?) {
        let writtenAt = decider?.writtenAt
        feed(.stopping)
        refuseAll("The relays' owner reads another site file.")
        var fresh = makePorts(for: site.relays)
        for old in ports {
            if let index = fresh.firstIndex(where: { $0.isSame(as: old) && $0.active == old.active }) {
                fresh[index].line = old.line
                fresh[index].isHeld = old.isHeld
                fresh[index].wanted = old.wanted
                fresh[index].taken = old.taken
            } else if let index = fresh.firstIndex(where: { $0.isSame(as: old) }), let line = turned(old) {
                fresh[index].line = line
                fresh[index].isHeld = old.isHeld
            } else {
                switch old.place {
                // Nobody holds it from here on.
                case .line(let name): try? parts.notifier?.forget(name)
                case .pin(let expander, let pin): expander.forget(pin)
                }
            }
        }
        ports = fresh
        adopt(keptAside)
        keptAside = []
        let used = Set(
            ports.compactMap { port -> I2CLocation? in
                if case .pin(let expander, _) = port.place { expander.location } else { nil }
            })
        expanders = expanders.filter { used.contains($0.key) }
        decider = RelayDecider(
            site: site, zone: zone, memories: Array(memory.memories.values), lastChange: memory.lastChange)
        // The time for which the unit was off is known once the clock is.
        decider?.writtenAt = writtenAt
        // A site file that comes late is that of the start.
        let kind = inForce == nil ? startKind : .restart
        inForce = (site, zone)
        feed(.started(beginning(kind)))
        publish(.reloaded)
    }

    /// A line whose active level is declared anew: the same level at the pin under the other name, without a gap.
    private func turned(_ old: CoilPort) -> (any OutputLine)? {
        guard case .line(let name) = old.place, let number = old.line?.descriptor else { return nil }
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return nil }
        return try? parts.lines.adopt(
            Descriptor(owning: copy), as: name, isActiveLow: old.active == .high, consumer: Self.consumer)
    }
}
