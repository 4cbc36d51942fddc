import Platform

/// How a holder's key may differ from the one that is known of it.
public enum KeyChange: String, Sendable {
    /// Not at all.
    case none
    /// The same unit made a new key.
    case rekey
    /// Another board takes over the unit; what the old one holds is revoked.
    case reclaim
}

/// What the register says of keys, boards and databases: tells a renewal, a new key, a clone and a theft apart.
///
/// Decides only; whoever asks writes what comes of it into the register.
struct PinBook {
    struct Holder: Hashable {
        let subject: String
        let profile: CertificateProfile
    }

    /// A certificate that may still be used.
    struct Live: Hashable {
        let serial: String
        let issuer: String
        let key: String
        let subject: String
        let profile: CertificateProfile
        let notAfter: Int64
    }

    private var keys: [Holder: String] = [:]
    private var boards: [String: BoardSerial] = [:]
    private var keyOwners: [String: String] = [:]
    private var databaseOwners: [String: String] = [:]
    private var compromisedKeys: Set<String> = []
    private var signed: [String: Live] = [:]
    private(set) var revocations: [String: RegisterEntry] = [:]

    init(_ entries: [RegisterEntry]) {
        for entry in entries { note(entry) }
    }

    mutating func note(_ entry: RegisterEntry) {
        switch entry.event {
        case .signed: noteSigned(entry)
        case .revoked:
            guard let serial = entry.serial else { return }
            let isCompromise = entry.code == RevocationReason.keyCompromise.rawValue
            if revocations[serial] == nil || isCompromise { revocations[serial] = entry }
            if isCompromise, let key = signed[serial]?.key { compromisedKeys.insert(key) }
        case .created, .issuing, .refused, .provisioned: return
        }
    }

    private mutating func noteSigned(_ entry: RegisterEntry) {
        guard let subject = entry.subject, let profile = entry.profile, let key = entry.key, let serial = entry.serial,
            let issuer = entry.issuer, let notAfter = entry.notAfter
        else { return }
        keys[Holder(subject: subject, profile: profile)] = key
        keyOwners[key] = subject
        if let board = entry.facts.board { boards[subject] = board }
        for database in entry.databases { databaseOwners[database] = subject }
        signed[serial] = Live(
            serial: serial, issuer: issuer, key: key, subject: subject, profile: profile, notAfter: notAfter)
    }

    /// The certificates of a holder that are neither revoked nor over.
    func live(of subject: String, at time: Int64) -> [Live] {
        signed.values.filter { $0.subject == subject && $0.notAfter > time && revocations[$0.serial] == nil }
            .sorted { $0.serial < $1.serial }
    }

    func certificate(_ serial: String) -> Live? { signed[serial] }

    /// Lets a request through, or says what is wrong with it.
    ///
    /// - Throws: `ca.keyCompromised`, `ca.keyInUse`, `ca.databaseInUse`, `ca.boardDiffers`, `ca.keyDiffers`,
    ///   `ca.keyCopied`.
    func check(
        _ holder: Holder, key: String, databases: [String], board: BoardSerial?, change: KeyChange
    ) throws(Failure) {
        let subject = holder.subject
        guard !compromisedKeys.contains(key) else {
            throw Failure(
                "ca.keyCompromised", "The key of \(subject) was revoked, because somebody else may have it.",
                hint: "picli identity renew --csr-out FILE --new-key on the unit, and sign that with --rekey")
        }
        if let owner = keyOwners[key], owner != subject {
            throw Failure(
                "ca.keyInUse", "The key of \(subject) is that of \(owner): one of the two is a copy of the other.",
                hint: "picli provision --reclaim on the copy")
        }
        if let database = databases.first(where: { (databaseOwners[$0] ?? subject) != subject }),
            let owner = databaseOwners[database]
        {
            throw Failure(
                "ca.databaseInUse", "\(subject) names the database \(database), which is one of \(owner).",
                hint: "picli provision --reclaim on the copy")
        }
        try checkChange(of: holder, key: key, board: board, change: change)
    }

    private func checkChange(
        of holder: Holder, key: String, board: BoardSerial?, change: KeyChange
    ) throws(Failure) {
        let subject = holder.subject
        let isSameKey = keys[holder].map { $0 == key } ?? true
        guard change != .reclaim || !isSameKey || keys[holder] == nil else {
            throw Failure(
                "ca.keyCopied",
                "\(subject) is to be taken over by another board, and asks with the key of the old one.",
                hint: "picli identity renew --csr-out FILE --new-key on the new board")
        }
        if let board, let known = boards[subject], known != board {
            guard change == .reclaim else {
                throw Failure(
                    "ca.boardDiffers", "\(subject) was on the board \(known), and asks from \(board) now.",
                    hint: "sign with --reclaim when the unit has moved to this board; otherwise its card was copied")
            }
        }
        guard isSameKey || change != .none else {
            throw Failure(
                "ca.keyDiffers", "\(subject) is known with another key.",
                hint: "sign with --rekey when the unit made a new key, with --reclaim when another board takes it over")
        }
    }
}
