import Relays
import Site
import TestSupport

/// A unit in virtual time: its card, its lines, whoever pings, and everything that happens to them.
///
/// It does what the decider says as the owner of the lines does, and tells the monitor all of it.
struct RelayWorld {
    /// How the card behaves.
    enum Card: Int { case good, slow, full, dead }

    /// What kind of time it is.
    enum Mood: UInt64 {
        case mixed
        /// Hardly anybody answers a ping, for days.
        case outage
        /// Somebody presses the buttons again and again.
        case restless
    }

    let site: SiteFile
    let mood: Mood
    let guards: RelayGuards
    var decider: RelayDecider
    var monitor: RelayMonitor
    var random: SeededGenerator

    /// Milliseconds since the beginning of everything.
    var time: Int64 = 0
    /// When this boot began.
    var booted: Int64 = 0
    var boot = 1
    var isTrusted = false
    /// What an untrusted clock is wrong by.
    var error: Int64 = 0
    var card = Card.good
    var isRunning = false
    var steps = 0

    /// Notes that the card has not answered yet.
    var noting: [(due: Int64, number: Int64, taken: Bool)] = []
    /// The record on the card.
    var durable: [Int64: RelayChange] = [:]
    var results: Set<Int64> = []
    var memories: [String: RelayMemory] = [:]
    /// Lines that take nothing.
    var broken: Set<String> = []
    var coils: [String: Bool] = [:]
    /// Rounds of pings that are out.
    var rounds: [PingQuestion] = []
    var tickets: UInt64 = 0
    private var waiting: [RelayInput] = []

    static let epoch: Int64 = 1_780_000_000_000

    init(site: SiteFile, seed: UInt64, guards: RelayGuards) {
        self.site = site
        self.guards = guards
        random = SeededGenerator(seed: seed)
        mood = Mood(rawValue: seed / 4 % 3) ?? .mixed
        decider = RelayDecider(site: site, zone: WorldSites.zone, guards: guards)
        monitor = RelayMonitor(site)
        time = Int64.random(in: 0..<86_400_000 * 7, using: &random)
        booted = time - 3000
        start(.boot)
    }

    var now: Timestamp {
        Timestamp(
            wall: Self.epoch + time + (isTrusted ? 0 : error), boot: boot, monotonic: time - booted,
            isTrusted: isTrusted)
    }

    // MARK: The owner

    mutating func tell(_ input: RelayInput) {
        waiting.append(input)
        var next = 0
        while next < waiting.count {
            let input = waiting[next]
            next += 1
            steps += 1
            monitor.before(input, at: time, now, decider)
            let actions = decider.handle(input, at: now)
            for action in actions { act(action) }
            monitor.after(input, actions, at: time, now, decider)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private mutating func act(_ action: RelayAction) {
        switch action {
        case .noteFirst(let change, let memory): note(change, memory)
        case .drive(let drive):
            if broken.contains(drive.relay) {
                waiting.append(.driveFailed(relay: drive.relay, change: drive.change, reason: "no answer"))
            } else {
                coils[drive.relay] = drive.coil
                waiting.append(.driven(relay: drive.relay, change: drive.change))
            }
        case .note(.memory(let memory)):
            if card == .good || card == .slow { keep(memory) }
        case .note(.result(let result)):
            if card == .good || card == .slow { results.insert(result.number) }
        case .note(.change), .report, .answer: break
        case .ping(let question): rounds.append(question)
        }
    }

    private mutating func note(_ change: RelayChange, _ memory: RelayMemory) {
        switch card {
        case .good:
            durable[change.number] = change
            monitor.durable.insert(change.number)
            keep(memory)
            waiting.append(.noted(change.number))
        case .slow:
            durable[change.number] = change
            keep(memory)
            noting.append((time + Int64.random(in: 1...4000, using: &random), change.number, true))
        case .full: noting.append((time + 5, change.number, false))
        case .dead: break
        }
    }

    private mutating func keep(_ memory: RelayMemory) {
        memories[memory.relay] = memory
        monitor.remembered(memory.relay, at: time)
    }

    /// What the card answers by now.
    private mutating func answerNotes() {
        while let place = noting.firstIndex(where: { $0.due <= time }) {
            let note = noting.remove(at: place)
            if note.taken { monitor.durable.insert(note.number) }
            tell(note.taken ? .noted(note.number) : .notNoted(note.number, reason: "no space left"))
        }
    }

    /// Lets time pass, with a tick at each deadline, as the owner does.
    mutating func pass(_ length: Int64) {
        let end = time + length
        var most = 60
        while most > 0 {
            most -= 1
            let deadline = decider.nextDeadline.map { max($0 + booted, time + 1) } ?? .max
            let note = noting.lazy.map(\.due).min() ?? .max
            let next = min(deadline, note)
            guard next <= end else { break }
            time = next
            answerNotes()
            tell(.tick)
        }
        // A long quiet time is cut short rather than run through.
        if most > 0 { time = max(time, end) }
        answerNotes()
        tell(.tick)
    }

    mutating func start(_ kind: RelayStart.Kind) {
        isRunning = true
        rounds = []
        noting = []
        if kind == .boot { coils = [:] }
        // The record says for certain what was done only where the result is in it.
        let unfinished = durable.values.filter { !results.contains($0.number) }
            .sorted { $0.number < $1.number }
        decider = RelayDecider(
            site: site, zone: WorldSites.zone, memories: Array(memories.values),
            lastChange: durable.keys.max() ?? 0, guards: guards)
        let start = RelayStart(kind, unfinished: unfinished, coils: kind == .boot ? [:] : coils)
        monitor.starting(start, at: time, booted: booted, boot: boot, memories: memories)
        tell(.started(start))
        let last = durable.keys.max()
        durable = durable.filter { $0.key == last || !results.contains($0.key) }
        results = results.filter { durable[$0] != nil }
    }
}
