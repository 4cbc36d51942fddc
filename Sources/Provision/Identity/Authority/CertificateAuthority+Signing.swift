import Platform
import Site
import X509

extension CertificateAuthority {
    /// Signs one request.
    ///
    /// - Throws: `Failure`; the register has a row of it.
    public func sign(_ order: SigningOrder, by operation: Operation = Operation(), now: Int64) throws
        -> SignedCertificate
    {
        let outcome = try sign([order], by: operation, now: now)
        guard let result = outcome.results.first else { throw Failure("internal", "No request was given.") }
        return try result.get()
    }

    /// Signs what can be signed; each request has its own result, and its row in the register, when this returns.
    ///
    /// The requests are looked at first: where none of them is good, the keys stay closed.
    ///
    /// - Throws: `Failure` when none can be signed: wrong passphrase, a clock before the authority's own time, the
    ///   register in use. The refusals are in the register as far as it can be written.
    public func sign(
        _ orders: [SigningOrder], by operation: Operation = Operation(), now: Int64
    ) throws -> SigningOutcome {
        let grants = orders.map { order in Result { () throws(Failure) in try order.grant() } }
        if let refused = grants.refusals { return try refuse(orders, refused, by: operation, now: now) }
        do {
            return try register.transaction { known in
                let (issuer, isNew) = try issuer(now: now, by: operation)
                var batch = SigningBatch(
                    pins: PinBook(known), issuer: issuer, operation: operation, now: now,
                    entries: isNew ? [issuer.entry] : [])
                let results = zip(orders, grants).map { batch.result(of: $0, $1) }
                let isListNew = isNew || batch.hasRevoked
                // Before the rows are on the disk, so that no list is ever behind the register.
                if isListNew {
                    try writeRevocations(batch.pins, number: nextNumber(known), now: now)
                }
                let summary = isNew ? try CertificateSummary(issuer.certificate) : nil
                return (SigningOutcome(results: results, newIssuer: summary, isListNew: isListNew), batch.entries)
            }
        } catch let failure as Failure {
            try? register.transaction { _ in
                ((), orders.map { SigningBatch.refusal(of: $0, failure, by: operation, now: now) })
            }
            throw failure
        }
    }

    private func refuse(
        _ orders: [SigningOrder], _ failures: [Failure], by operation: Operation, now: Int64
    ) throws -> SigningOutcome {
        try register.transaction { _ in
            let rows = zip(orders, failures).map { SigningBatch.refusal(of: $0, $1, by: operation, now: now) }
            return (SigningOutcome(results: failures.map { .failure($0) }, newIssuer: nil, isListNew: false), rows)
        }
    }

    private func issuer(now: Int64, by operation: Operation) throws -> (IssuingAuthority, isNew: Bool) {
        guard now >= rootCertificate.notValidBefore.milliseconds else {
            throw Failure(
                "ca.clock", "The clock says \(ISO8601.string(milliseconds: now)), before this authority was made.",
                hint: "set the clock of this machine", status: .tryAgain)
        }
        let year = IssuingAuthority.year(now)
        guard let (certificate, key) = try IssuingAuthority.open(year: year, files: files, keys: keys) else {
            return (
                try IssuingAuthority.make(
                    year: year, files: files, keys: keys, root: rootCertificate, now: now, by: operation), true
            )
        }
        let entry = RegisterEntry(time: now, event: .issuing, by: operation)
        return (IssuingAuthority(year: year, certificate: certificate, key: key, entry: entry), false)
    }
}

extension [Result<SigningOrder.Grant, Failure>] {
    /// Why none is good; nil when one is.
    fileprivate var refusals: [Failure]? {
        let failures = compactMap { result -> Failure? in
            if case .failure(let failure) = result { failure } else { nil }
        }
        return failures.count == count ? failures : nil
    }
}

/// One run over requests: what is decided for one counts for the next.
private struct SigningBatch {
    var pins: PinBook
    let issuer: IssuingAuthority
    let operation: Operation
    let now: Int64
    var entries: [RegisterEntry]
    var hasRevoked = false

    mutating func result(
        of order: SigningOrder, _ grant: Result<SigningOrder.Grant, Failure>
    ) -> Result<SignedCertificate, Failure> {
        do {
            return .success(try sign(order, grant.get()))
        } catch {
            let failure = error as? Failure ?? Failure("internal", "\(order.name) cannot be signed: \(error).")
            entries.append(Self.refusal(of: order, failure, by: operation, now: now))
            return .failure(failure)
        }
    }

    private mutating func sign(_ order: SigningOrder, _ grant: SigningOrder.Grant) throws -> SignedCertificate {
        let (request, names) = (grant.request, grant.names)
        let databases = names.compactMap { Self.database($0) }
        try pins.check(
            .init(subject: request.subject, profile: order.profile), key: request.fingerprint.description,
            databases: databases, board: order.facts.board, change: order.change)
        let certificate = try AuthorityCertificates.leaf(
            request, order.profile, names: names, issuer: issuer.certificate, key: issuer.key, now: now)
        let revoked = order.change == .reclaim ? revokeAll(of: request.subject, order.profile) : []
        var entry = RegisterEntry(time: now, event: .signed, by: operation)
        entry.subject = request.subject
        entry.profile = order.profile
        entry.facts = order.facts
        entry.key = request.fingerprint.description
        entry.serial = CertificateSerial(certificate.serialNumber).description
        entry.issuer = issuer.year
        entry.notAfter = certificate.notValidAfter.milliseconds
        entry.databases = databases
        entry.code = order.change == .none ? nil : order.change.rawValue
        entry.certificate = try certificate.der()
        note(entry)
        return SignedCertificate(
            profile: order.profile, chain: try CertificateChain([certificate, issuer.certificate]), revoked: revoked)
    }

    /// The unit takes all with it; its page alone only what its page has.
    private mutating func revokeAll(of subject: String, _ profile: CertificateProfile) -> [CertificateSerial] {
        let live = pins.live(of: subject, at: now).filter { profile == .unit || $0.profile == profile }
        for certificate in live {
            note(.revocation(of: certificate, .superseded, by: operation, now: now))
            hasRevoked = true
        }
        return live.compactMap { CertificateSerial($0.serial) }
    }

    private mutating func note(_ entry: RegisterEntry) {
        pins.note(entry)
        entries.append(entry)
    }

    private static func database(_ name: GeneralName) -> String? {
        guard case .uniformResourceIdentifier(let uri) = name else { return nil }
        return IdentityURI.database(in: uri)?.description
    }

    /// The row of a request that was not signed, with what could be read of it.
    static func refusal(
        of order: SigningOrder, _ failure: Failure, by operation: Operation, now: Int64
    ) -> RegisterEntry {
        var entry = RegisterEntry(time: now, event: .refused, by: operation)
        let request = try? SigningRequest(order.request, name: order.name)
        entry.subject = request?.subject.printable
        entry.profile = order.profile
        entry.facts = order.facts
        entry.key = request?.fingerprint.description
        entry.code = failure.code
        entry.detail = failure.message
        return entry
    }
}
