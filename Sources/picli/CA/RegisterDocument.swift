import Provision
import Site

/// A row of the register, as documents show it.
struct RegisterRow: Encodable {
    let number: Int64
    let time: String
    let event: String
    let `operator`: String?
    let command: String?
    let subject: String?
    let profile: String?
    let boardSerial: String?
    let macs: [String]
    let key: String?
    let serial: String?
    let issuer: String?
    let notAfter: String?
    let databases: [String]
    let image: String?
    let selfTest: String?
    let code: String?
    let detail: String?

    init(_ entry: RegisterEntry) {
        number = entry.number
        time = ISO8601.string(milliseconds: entry.time)
        event = entry.event.rawValue
        `operator` = entry.operation.user
        command = entry.operation.command
        subject = entry.subject
        profile = entry.profile?.rawValue
        boardSerial = entry.facts.board?.description
        macs = entry.facts.macs
        key = entry.key
        serial = entry.serial
        issuer = entry.issuer
        notAfter = entry.notAfter.map { ISO8601.string(milliseconds: $0) }
        databases = entry.databases
        image = entry.facts.image
        selfTest = entry.facts.selfTest
        code = entry.code
        detail = entry.detail
    }
}

/// The answer of `picli ca list`.
struct CertificateListDocument: Answer {
    struct Row: Encodable {
        let state: String
        /// Why it was revoked.
        let reason: String?
        let revoked: String?
        let row: RegisterRow

        init(_ issued: IssuedCertificate) {
            state = issued.state.rawValue
            reason = issued.revocation?.code
            revoked = issued.revocation.map { ISO8601.string(milliseconds: $0.time) }
            row = RegisterRow(issued.entry)
        }
    }

    var schema = 1
    let name: String
    let certificates: [Row]

    func text(for terminal: Terminal) -> String {
        guard !certificates.isEmpty else { return "\(name) has signed nothing yet.\n" }
        var table = Table([
            .init(title: "SUBJECT"), .init(title: "FOR"), .init(title: "STATE"), .init(title: "UNTIL"),
            .init(title: "SERIAL"),
        ])
        for certificate in certificates {
            table.append([
                certificate.row.subject ?? "-", certificate.row.profile ?? "-", certificate.state,
                String((certificate.row.notAfter ?? "-").prefix(10)), certificate.row.serial ?? "-",
            ])
        }
        return table.text(for: terminal)
    }
}

/// The answer of `picli ca show`, and of `picli ca list --attempts`.
struct RegisterDocument: Answer {
    var schema = 1
    let rows: [RegisterRow]
    /// PEM of the newest certificate, where one is shown.
    let chain: String?

    func text(for terminal: Terminal) -> String {
        if let chain { return chain }
        return rows.map { text(of: $0, terminal) }.joined(separator: "\n")
    }

    private func text(of row: RegisterRow, _ terminal: Terminal) -> String {
        let fields: [(String, String?)] = [
            ("subject", row.subject), ("profile", row.profile), ("serial", row.serial),
            ("until", row.notAfter.map { String($0.prefix(10)) }), ("key", row.key), ("board", row.boardSerial),
            ("MACs", row.macs.isEmpty ? nil : row.macs.joined(separator: " ")),
            ("databases", row.databases.isEmpty ? nil : row.databases.joined(separator: " ")), ("image", row.image),
            ("self-test", row.selfTest), ("why", row.detail ?? row.code), ("by", row.operator),
            ("command", row.command),
        ]
        let heading = terminal.styled("\(row.time.prefix(19))Z  \(row.event)", .heading)
        return heading + "\n"
            + fields.compactMap { name, value in
                value.map { "  " + name + String(repeating: " ", count: 11 - name.count) + $0 + "\n" }
            }.joined()
    }
}
