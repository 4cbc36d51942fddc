import Platform
import Relays
import Site

/// A decider with a card and lines that do what they are told, unless a test says otherwise; its time is the test's.
struct Bench {
    var decider: RelayDecider
    let site: SiteFile
    /// Milliseconds since this boot.
    var time: Int64 = 60_000
    /// Wall milliseconds at the beginning of this boot.
    var wall: Int64 = 1_780_000_000_000
    var boot = 1
    var isTrusted = true
    var cardTakesNotes = true
    var brokenLines: Set<String> = []
    /// Lines that take what they are told only with `answerDrives`.
    var slowLines: Set<String> = []
    private var open: [RelayDrive] = []

    /// Coils as they were driven, by relay.
    var coils: [String: Bool] = [:]
    var drives: [(time: Int64, drive: RelayDrive)] = []
    var events: [Event] = []
    var notes: [RelayNote] = []
    var durable: [RelayChange] = []
    var answers: [UInt64: RelayAnswer] = [:]
    var questions: [PingQuestion] = []
    var memories: [String: RelayMemory] = [:]
    private var tickets: UInt64 = 0

    init(
        _ relays: [RelayConfiguration], network: NetworkConfiguration = .init(), description: SiteDescription? = nil,
        start: RelayStart? = RelayStart(.boot)
    ) {
        site = SiteFile(site: description ?? SiteDescription(name: "Test"), network: network, relays: relays)
        decider = RelayDecider(site: site, zone: Self.zone(site.site.timezone))
        if let start { tell(.started(start)) }
    }

    static func zone(_ name: String) -> LocalZone {
        LocalZone.named(name) { ZoneFile.bytes(of: $0) } ?? .utc
    }

    var now: Timestamp { Timestamp(wall: wall + time, boot: boot, monotonic: time, isTrusted: isTrusted) }

    mutating func tell(_ input: RelayInput) {
        var waiting = [input]
        while !waiting.isEmpty {
            for action in decider.handle(waiting.removeFirst(), at: now) {
                if let answer = act(action) { waiting.append(answer) }
            }
        }
    }

    private mutating func act(_ action: RelayAction) -> RelayInput? {
        switch action {
        case .noteFirst(let change, let memory):
            guard cardTakesNotes else { return nil }
            durable.append(change)
            memories[memory.relay] = memory
            return .noted(change.number)
        case .drive(let drive):
            guard !brokenLines.contains(drive.relay) else {
                return .driveFailed(relay: drive.relay, change: drive.change, reason: "no such device")
            }
            guard !slowLines.contains(drive.relay) else {
                open.append(drive)
                return nil
            }
            coils[drive.relay] = drive.coil
            drives.append((time, drive))
            return .driven(relay: drive.relay, change: drive.change)
        case .note(let note):
            notes.append(note)
            if case .memory(let memory) = note { memories[memory.relay] = memory }
            return nil
        case .report(let event):
            events.append(event)
            return nil
        case .answer(let ticket, let answer):
            answers[ticket] = answer
            return nil
        case .ping(let question):
            questions.append(question)
            return nil
        }
    }

    /// Slow lines have done what they were told.
    mutating func answerDrives() {
        let all = open
        open = []
        for drive in all {
            coils[drive.relay] = drive.coil
            drives.append((time, drive))
            tell(.driven(relay: drive.relay, change: drive.change))
        }
    }

    /// Lets time pass, with a tick at each deadline.
    mutating func pass(_ length: Duration) {
        let end = time + length.relayMilliseconds
        while let next = decider.nextDeadline, next <= end {
            guard next > time else { break }
            time = next
            tell(.tick)
        }
        time = end
        tell(.tick)
    }

    /// The answer; nil while there is none.
    @discardableResult
    mutating func ask(
        _ relay: String, _ command: RelayCommand, by kind: RelayCause.Kind = .person, key: String? = nil,
        expected: RelayState? = nil
    ) -> RelayAnswer? {
        tickets += 1
        let cause = RelayCause(kind, who: "anna", origin: "192.168.1.20")
        tell(
            .command(
                RelayRequest(relay: relay, command, cause: cause, key: key, expected: expected), ticket: tickets))
        return answers[tickets]
    }

    /// Answers all questions about a relay that are open; the rounds' outcomes by target, those left out silent.
    mutating func answerPings(_ outcomes: [String: PingRound.Outcome] = [:], carrier: Bool? = true) {
        let open = questions
        questions = []
        for question in open {
            var all = Dictionary(uniqueKeysWithValues: question.targets.map { ($0, PingRound.Outcome.silent) })
            all.merge(outcomes) { $1 }
            tell(
                .pinged(
                    PingRound(
                        relay: question.relay, number: question.number, outcomes: all, hasCarrier: carrier)))
        }
    }

    func status(_ relay: String) -> RelayStatus? { decider.status(of: relay, at: now) }

    func state(_ relay: String) -> RelayState? { status(relay)?.state }

    /// Another life of the owner, with what was noted.
    mutating func restart(
        _ kind: RelayStart.Kind, unfinished: [RelayChange] = [], coils found: [String: Bool]? = nil,
        after: Duration = .seconds(1)
    ) {
        if kind == .boot {
            wall += time + after.relayMilliseconds
            time = 3000
            boot += 1
        } else {
            time += after.relayMilliseconds
        }
        let highest = durable.map(\.number).max() ?? 0
        decider = RelayDecider(
            site: site, zone: Self.zone(site.site.timezone), memories: Array(memories.values), lastChange: highest)
        let coils = found ?? (kind == .boot ? [:] : self.coils)
        tell(.started(RelayStart(kind, unfinished: unfinished, coils: coils)))
    }

    func codes(_ prefix: String = "") -> [String] { events.map(\.code.rawValue).filter { $0.hasPrefix(prefix) } }
}

extension RelayAnswer {
    var acceptance: RelayAcceptance? { if case .accepted(let acceptance) = self { acceptance } else { nil } }
    var refusal: RelayRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var code: RelayRefusal.Code? { refusal?.code }
}

extension RelayConfiguration {
    /// A relay on a line that rests the right way.
    static func plain(_ id: String, line: Int = 17, _ change: (inout RelayConfiguration) -> Void = { _ in })
        -> RelayConfiguration
    {
        var relay = RelayConfiguration(id: id, output: .line(line), feeds: .other)
        change(&relay)
        return relay
    }
}
