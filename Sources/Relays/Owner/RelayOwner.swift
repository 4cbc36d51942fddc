import Glibc
public import Hardware
public import Platform
public import Site

/// The owner of the relays' lines: takes them, drives them as the decider says, and notes what is meant.
///
/// Everything that decides or drives a line of the board runs on one thread, which waits for nothing but the next
/// moment: not for the card, not for a bus, not for a client. A pulse ends on that thread, at its moment.
public actor RelayOwner {
    /// What the owner is made of.
    public struct Parts: Sendable {
        public var site: SiteSource
        public var lines: any Lines
        public var buses: Buses
        public var record: IntentPlace
        /// What is left for the next process of the same boot; nil where nobody comes after.
        public var state: OwnerStateFile?
        public var notifier: ServiceNotifier?
        /// The kernel's ID of this boot.
        public var boot: String
        /// When the coils got their supply, in milliseconds since boot; 0 for those of the machine.
        public var powered: Int64
        /// That of the program, for who asks; nil in tests.
        public var version: String?
        public var time: OwnerTime
        /// Told of every event, which is noted too.
        public var report: @Sendable (Event) -> Void

        public init(
            site: SiteSource, lines: any Lines, buses: Buses, record: IntentPlace, state: OwnerStateFile? = nil,
            notifier: ServiceNotifier? = nil, boot: String, powered: Int64 = 0, version: String? = nil,
            time: OwnerTime = .kernel,
            report: @escaping @Sendable (Event) -> Void
        ) {
            self.site = site
            self.lines = lines
            self.buses = buses
            self.record = record
            self.state = state
            self.notifier = notifier
            self.boot = boot
            self.powered = powered
            self.version = version
            self.time = time
            self.report = report
        }
    }

    /// Who has the lines, for `gpioinfo`.
    static let consumer = "picli-relays"
    /// Between two looks at the lines.
    static let rhythm: Int64 = 1000
    /// The first pause while a line is not there yet; each is twice as long as the one before.
    static let hurry: Int64 = 25
    /// How long the network waits for lines that are not there.
    static let patience: Int64 = 3000

    let parts: Parts
    private let executor = BlockingExecutor(name: "relays")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// nil until it has started, and after its end.
    var decider: RelayDecider?
    var ports: [CoilPort] = []
    var expanders: [I2CLocation: Expander] = [:]
    var startKind = RelayStart.Kind.boot
    /// What the decider goes by; nil while there was no site file.
    var inForce: (site: SiteFile, zone: LocalZone?)?
    var siteProblem: String?
    var zoneProblem: String?
    var isClockTrusted = false
    /// What was noted so far, as the next process is to find it.
    var memory = IntentMemory()
    var keeper: IntentKeeper?
    var bootNumber = Timestamp.unknownBoot
    /// What the package's scripts were told; nil before the first look.
    var isRestartSafe: Bool?
    /// Lines of an earlier process that wait for a site file that says whose they are.
    var keptAside: [InheritedDescriptor] = []
    /// When a site file that could not be read is tried again; nil when it need not be.
    var nextReading: Int64?
    var readingPause = RelayOwner.firstPause
    /// Readings of the site file that have begun, and the last one that counts.
    var readings = (begun: 0, taken: 0)
    /// Writes to expanders that are under way.
    var writes: [Int: Task<Void, Never>] = [:]
    var lastWrite = 0

    private var inbox: [(RelayInput, Timestamp)] = []
    private var isHandling = false
    private var nextCheck: Int64 = 0
    private var pause = RelayOwner.hurry
    private var isReady = false
    private var started: Int64 = 0
    private var tickets: [UInt64: CheckedContinuation<RelayAnswer, Never>] = [:]
    private var lastTicket: UInt64 = 0
    private var listeners: [Int: AsyncThrowingStream<RelayUpdate, any Error>.Continuation] = [:]
    private var lastListener = 0

    public init(_ parts: Parts) { self.parts = parts }

    // MARK: Life

    /// Takes the lines and brings the relays into their declared states.
    ///
    /// - Parameter kept: Descriptors of lines that an earlier process of this boot left with systemd.
    public func start(kept: [InheritedDescriptor] = []) async {
        started = parts.time.sinceBoot()
        let left = parts.state?.read(boot: parts.boot)
        // Who was given lines has not just booted, whatever is left of the state.
        startKind = left.map { $0.isRunning ? .crash : .restart } ?? (kept.isEmpty ? .boot : .crash)
        isClockTrusted = left?.isClockTrusted ?? false
        lookAtClock()
        async let fromCard = read()
        let lost = await recall(left)
        let (reading, number) = await fromCard
        readings.taken = number
        ports = makePorts(for: reading.site?.relays ?? [])
        if reading.site == nil { keptAside = kept } else { adopt(kept) }
        await findExpanders()
        decider = RelayDecider(
            site: reading.site ?? SiteFile(site: SiteDescription(name: "")), zone: reading.zone,
            memories: Array(memory.memories.values),
            lastChange: memory.lastChange)
        inForce = reading.site.map { ($0, reading.zone) }
        feed(.started(beginning(startKind)))
        leave(isRunning: true)
        for event in lost { note(event) }
        tell(of: reading)
        check()
    }

    /// Ends as told: no line is touched, and what is under way is left to the next process.
    public func stop() async {
        guard decider != nil else { return }
        feed(.stopping)
        decider = nil
        executor.setAlarm(at: nil)
        refuseAll("The relays' owner ends.")
        for listener in listeners.values { listener.finish() }
        listeners = [:]
        await keeper?.finish(within: .seconds(2))
        await parts.state?.finish(state(isRunning: false))
    }

    /// Answers whoever still waits.
    func refuseAll(_ reason: String) {
        for ticket in tickets.values { ticket.resume(returning: .refused(RelayRefusal(.notReady, reason))) }
        tickets = [:]
    }

    /// What is known of the time before: by the card, and by what the last process of this boot left in memory.
    private func recall(_ left: OwnerState?) async -> [Event] {
        var random = SystemRandomNumberGenerator()
        let keeper = IntentKeeper(
            place: parts.record, boot: parts.boot,
            name: String(UInt64.random(in: 0 ... .max, using: &random), radix: 36),
            decided: { [weak self] in await self?.passBy() },
            noted: { [weak self, executor] change, reason in
                Task(executorPreference: executor.forTasks) {
                    await self?.feed(reason.map { .notNoted(change, reason: $0) } ?? .noted(change))
                }
            },
            written: { [weak self] in Task { await self?.recorded() } })
        self.keeper = keeper
        memory = left?.memory ?? IntentMemory()
        bootNumber = memory.beginning?.number ?? Timestamp.unknownBoot
        keeper.takeOver(left?.unwritten.map(\.content) ?? [])
        do {
            let found = try await keeper.load(within: .milliseconds(800))
            memory.merge(found.memory)
            guard left == nil else { return [] }
            memory.beginning = found.beginning
            bootNumber = found.beginning.number
            return found.damagedLines > 0 ? [damaged(found.damagedLines)] : []
        } catch {
            // Numbers that were given before are not given again: they count by the clock from here on.
            memory.lastChange = max(memory.lastChange, parts.time.wall())
            return left == nil ? [unread("\(error)")] : []
        }
    }

    /// There is more on the card than before.
    private func recorded() {
        guard decider != nil else { return }
        if let count = keeper?.takeDropped(), count > 0 { note(dropped(count)) }
        leave(isRunning: true)
        publish(.recorded)
    }

    /// Returns after what this thread has before it.
    private func passBy() {}

    func leave(isRunning: Bool) { parts.state?.write(state(isRunning: isRunning)) }

    private func state(isRunning: Bool) -> OwnerState {
        OwnerState(
            boot: parts.boot, isRunning: isRunning, isClockTrusted: isClockTrusted, memory: memory,
            unwritten: keeper?.unwritten(most: 200).map { IntentRecord(sequence: 0, $0) } ?? [])
    }

    // MARK: The loop

    func now() -> Timestamp {
        Timestamp(
            wall: parts.time.wall(), boot: bootNumber, monotonic: parts.time.sinceBoot(), isTrusted: isClockTrusted)
    }

    /// Tells the decider something, and does what it says, until nothing is left to say.
    func feed(_ input: RelayInput) {
        inbox.append((input, now()))
        guard !isHandling else { return }
        isHandling = true
        var touched: Set<String> = []
        while !inbox.isEmpty, var decider {
            let (input, time) = inbox.removeFirst()
            let actions = decider.handle(input, at: time)
            self.decider = decider
            for action in actions { perform(action, &touched) }
            if case .pinged(let round) = input { touched.insert(round.relay) }
        }
        isHandling = false
        setAlarm()
        guard !touched.isEmpty else { return }
        leave(isRunning: true)
        let time = now()
        for relay in touched {
            if let status = decider?.status(of: relay, at: time) { publish(.status(status)) }
        }
    }

    private func perform(_ action: RelayAction, _ touched: inout Set<String>) {
        switch action {
        case .noteFirst(let change, let memory):
            self.memory.take(.change(change))
            self.memory.take(.memory(memory))
            keeper?.noteFirst(change, memory)
            touched.insert(change.relay)
        case .drive(let drive):
            self.drive(drive)
            touched.insert(drive.relay)
        case .note(let entry):
            let content = entry.content
            memory.take(content)
            keeper?.note(content)
            touched.insert(entry.relay)
        case .report(let event): note(event)
        case .answer(let ticket, let answer): tickets.removeValue(forKey: ticket)?.resume(returning: answer)
        case .ping(let question):
            publish(.ping(question))
            touched.insert(question.relay)
        }
    }

    func note(_ event: Event) {
        parts.report(event)
        keeper?.note(.event(event))
    }

    /// The next moment at which there is something to do without being asked.
    private func setAlarm() {
        guard let decider else { return }
        let now = parts.time.sinceBoot()
        let next = min(decider.nextDeadline ?? .max, nextCheck)
        let time = KernelClock.monotonic() + .milliseconds(max(0, next - now))
        executor.setAlarm(at: time) { [weak self] in self?.assumeIsolated { $0.wake() } }
    }

    private func wake() {
        if parts.time.sinceBoot() >= nextCheck { check() } else { feed(.tick) }
    }

    /// Looks at the lines, and shows systemd that the loop goes round.
    private func check() {
        guard decider != nil else { return }
        let now = parts.time.sinceBoot()
        if now / 60_000 != (nextCheck - Self.rhythm) / 60_000 { lookAtClock() }
        let isComplete = lookAtLines()
        pause = isComplete ? Self.rhythm : min(2 * pause, Self.rhythm)
        nextCheck = parts.time.sinceBoot() + pause
        feed(.tick)
        if !isReady, isComplete || now - started > Self.patience {
            isReady = tell(.ready, .status("\(ports.count) relays"))
        }
        _ = tell(.alive)
        if let nextReading, nextReading <= now { readAgain(at: now) }
    }

    /// Whether systemd has been told; its queue may be full.
    private func tell(_ messages: ServiceNotifier.Message...) -> Bool {
        guard let notifier = parts.notifier else { return true }
        return (try? notifier.send(messages)) != nil
    }

    private func lookAtClock() {
        if let isTrusted = parts.time.isTrusted() { isClockTrusted = isTrusted }
    }

    // MARK: Who asks and listens

    func ask(_ request: RelayRequest) async -> RelayAnswer {
        await withCheckedContinuation { continuation in
            guard decider != nil else {
                let refusal = RelayRefusal(.notReady, "The relays' owner has not started, or has ended.")
                return continuation.resume(returning: .refused(refusal))
            }
            lastTicket += 1
            tickets[lastTicket] = continuation
            feed(.command(request, ticket: lastTicket))
        }
    }

    func listen() -> AsyncThrowingStream<RelayUpdate, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: RelayUpdate.self, throwing: (any Error).self, bufferingPolicy: .bufferingNewest(256))
        guard let decider else {
            continuation.finish()
            return stream
        }
        lastListener += 1
        let number = lastListener
        listeners[number] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(listener: number) } }
        for status in decider.statuses(at: now()) { continuation.yield(.status(status)) }
        // Whoever can ping may have been away when they were asked for.
        for question in decider.openRounds { continuation.yield(.ping(question)) }
        return stream
    }

    private func forget(listener number: Int) { listeners[number] = nil }

    func publish(_ update: RelayUpdate) {
        for listener in listeners.values { listener.yield(update) }
    }
}

extension RelayNote {
    /// As an entry of the record.
    fileprivate var content: IntentRecord.Content {
        switch self {
        case .change(let change): .change(change)
        case .result(let result): .result(result)
        case .memory(let memory): .memory(memory)
        }
    }

    fileprivate var relay: String {
        switch self {
        case .change(let change): change.relay
        case .result(let result): result.relay
        case .memory(let memory): memory.relay
        }
    }
}
