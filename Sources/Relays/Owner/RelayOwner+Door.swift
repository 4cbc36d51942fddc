import Platform
public import Site

extension RelayOwner {
    /// Puts into force what was read.
    ///
    /// - Returns: Why it was not.
    @discardableResult
    func take(_ reading: SiteSource.Reading) -> String? {
        siteProblem = reading.problem
        if let problem = reading.problem {
            note(siteRefused(problem, hasLast: true))
            return problem
        }
        if let site = reading.site, decider != nil { adopt(site, zone: reading.zone) }
        return nil
    }
}

extension RelayOwner: RelayDoor {
    public func overview() -> RelayOverview {
        RelayOverview(
            relays: decider?.statuses(at: now()) ?? [], start: startKind, siteProblem: siteProblem,
            cardProblem: keeper?.trouble)
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
        if let problem = take(await parts.site.read()) {
            throw Failure(
                "relay.siteRefused", "The relays go on with the last good site file: \(problem).",
                hint: "picli config check")
        }
    }
}
