import Platform
public import Site

extension RelayOwner: RelayDoor {
    public func overview() -> RelayOverview {
        RelayOverview(
            relays: decider?.statuses(at: now()) ?? [], start: startKind, siteProblem: siteProblem,
            zoneProblem: zoneProblem, cardProblem: keeper?.trouble, version: parts.version)
    }

    public func command(_ request: RelayRequest) async -> RelayAnswer { await ask(request) }

    public func tell(_ fact: RelayFact) {
        switch fact {
        case .pinged(let round): feed(.pinged(round))
        case .clock(let isTrusted):
            isClockTrusted = isTrusted
            leave(isRunning: true)
            feed(.tick)
        }
    }

    public func intents(after cursor: IntentCursor?, limit: Int) async throws -> IntentPage {
        guard let keeper else { return IntentPage(records: [], next: cursor, hasGap: false) }
        return try await keeper.page(after: cursor, limit: limit)
    }

    public func updates() -> AsyncThrowingStream<RelayUpdate, any Error> { listen() }

    /// - Throws: `Failure` `relay.siteRefused`; then what was declared before holds on.
    public func reload() async throws {
        if let problem = await readNow() {
            throw Failure(
                "relay.siteRefused", "The relays go on with the last good site file: \(problem).",
                hint: "picli config check")
        }
    }
}
