import Platform

extension UnitIdentity {
    /// Connects to a broker with the certificate that the unit has.
    ///
    /// - Throws: `handshake.…`, and as `record`, `key`, `certificate` and `roots`.
    func prove(at broker: Broker) async throws {
        let candidate = TLSCandidate(chain: try certificate(.device), key: try key(.device), roots: try roots())
        try await BrokerProof(candidate, unit: try record().unit).prove(broker)
    }

    /// Takes files of the folder away, and those that wait to take their places.
    ///
    /// - Throws: `identity.unwritable`, `identity.busy`, and as `record` when there is no folder.
    func remove(_ names: [String]) throws {
        guard try files().exists else { return }
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        for name in names + names.map({ $0 + ".new" }) where has(name) { try remove(name) }
    }

    /// Changes the record of the unit that is there.
    ///
    /// - Throws: `identity.unwritable`, `identity.busy`, and as `record`.
    public func update(_ change: (inout UnitRecord) -> Void) throws {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        var record = try record()
        let before = record
        change(&record)
        if record != before { try write(Self.recordFile, record.json(), mode: 0o644) }
    }
}
