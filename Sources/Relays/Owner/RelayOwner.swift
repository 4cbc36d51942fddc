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
        public var time: OwnerTime
        /// Told of every event, which is noted too.
        public var report: @Sendable (Event) -> Void

        public init(
            site: SiteSource, lines: any Lines, buses: Buses, record: IntentPlace, state: OwnerStateFile? = nil,
            notifier: ServiceNotifier? = nil, boot: String, time: OwnerTime = .kernel,
            report: @escaping @Sendable (Event) -> Void
        ) {
            self.site = site
            self.lines = lines
            self.buses = buses
            self.record = record
            self.state = state
            self.notifier = notifier
            self.boot = boot
            self.time = time
            self.report = report
        }
    }

    /// Who has the lines, for `gpioinfo`.
    static let consumer = "picli-relays"
    /// Between two looks at the lines.
    static let rhythm: Int64 = 1000
    /// The same while a line is not there yet, in the first seconds of a boot.
    static let hurry: Int64 = 50
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
    var siteProblem: String?
    var isClockTrusted = false
    /// What was noted so far, as the next process is to find it.
    var memory = IntentMemory()
    var keeper: IntentKeeper?
    var bootNumber = Timestamp.unknownBoot
    /// What the package's scripts were told; nil before the first look.
    var isRestartSafe: Bool?

    private var inbox: [(RelayInput, Timestamp)] = []
    private var isHandling = false
    private var nextCheck: Int64 = 0
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
        startKind = left.map { $0.isRunning ? .crash : .restart } ?? .boot
        isClockTrusted = left?.isClockTrusted ?? false
        lookAtClock()
        let reading = await parts.site.read()
        siteProblem = reading.problem
        let lost = await recall(left)
        ports = makePorts(for: reading.site?.relays ?? [])
        adopt(kept)
        await findExpanders()
        decider = RelayDecider(
            site: reading.site ?? SiteFile(site: SiteDescription(name: "")), zone: reading.zone,
            memories: Array(memory.memories.values),
            lastChange: memory.lastChange)
        feed(
            .started(
                RelayStart(
                    startKind, unfinished: memory.unfinished.values.sorted { $0.number < $1.number },
                    coils: coilsFound())))
        leave(isRunning: true)
        for event in lost { note(event) }
        if let problem = reading.problem { note(siteRefused(problem, hasLast: reading.site != nil)) }
        check()
    }

    /// Ends as told: no line is touched, and what is under way is left to the next process.
    public func stop() async {
        guard decider != nil else { return }
        feed(.stopping)
        decider = nil
        executor.setAlarm(at: nil)
        for ticket in tickets.values {
            ticket.resume(returning: .refused(RelayRefusal(.notReady, "The relays' owner ends.")))
        }
        tickets = [:]
        for listener in listeners.values { listener.finish() }
        listeners = [:]
        await keeper?.finish(within: .seconds(2))
        await parts.state?.finish(state(isRunning: false))
    }

    /// What is known of the time before: by the card, and by what the last process of this boot left in memory.
    private func recall(_ left: OwnerState?) async -> [Event] {
        var random = SystemRandomNumberGenerator()
        let keeper = IntentKeeper(
            place: parts.record, boot: parts.boot,
            name: String(UInt64.random(in: 0 ... .max, using: &random), radix: 36),
            noted: { [weak self] change, reason in
                Task { await self?.feed(reason.map { .notNoted(change, reason: $0) } ?? .noted(change)) }
            },
            written: { [weak self] in Task { await self?.recorded() } })
        self.keeper = keeper
        memory = left?.memory ?? IntentMemory()
        bootNumber = memory.beginning?.number ?? Timestamp.unknownBoot
        keeper.takeOver(left?.unwritten.map(\.content) ?? [])
        do {
            let found = try await keeper.load(within: .milliseconds(500))
            memory.merge(found.memory)
            guard left == nil else { return [] }
            memory.beginning = found.beginning
            bootNumber = found.beginning.number
            return found.damagedLines > 0 ? [damaged(found.damagedLines)] : []
        } catch {
            return left == nil ? [unread("\(error)")] : []
        }
    }

    /// There is more on the card than before.
    private func recorded() {
        guard decider != nil else { return }
        leave(isRunning: true)
        publish(.recorded)
    }

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
        case .ping(let question): publish(.ping(question))
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
        nextCheck = now + (isComplete || now - started > 15_000 ? Self.rhythm : Self.hurry)
        feed(.tick)
        if !isReady, isComplete || now - started > Self.patience {
            isReady = true
            try? parts.notifier?.send(.ready, .status("\(ports.count) relays"))
        }
        try? parts.notifier?.send(.alive)
    }

    private func lookAtClock() {
        if let isTrusted = parts.time.isTrusted() { isClockTrusted = isTrusted }
    }

    // MARK: Who asks and listens

    func ask(_ request: RelayRequest) async -> RelayAnswer {
        guard decider != nil else { return .refused(RelayRefusal(.notReady, "The relays' owner has not started.")) }
        return await withCheckedContinuation { continuation in
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
