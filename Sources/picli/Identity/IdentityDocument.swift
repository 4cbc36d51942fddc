import Platform
import Provision
import Site

/// The answer of `picli identity show`.
struct IdentityDocument: Answer {
    struct Board: Encodable {
        let recorded: String?
        let found: String?
        /// `same`, `clone` or `noSerial`.
        let state: String
    }

    struct Database: Encodable {
        let name: String
        let id: String
        let predecessor: String?
    }

    var schema = 1
    let unit: String
    let site: String?
    let deployment: String?
    let created: String
    let image: String?
    let previousUnit: String?
    let board: Board
    let macs: [String]
    /// The pinned one.
    let key: String?
    /// Left out when there is none yet.
    let certificate: CertificateDocument?
    let root: CertificateDocument?
    let web: CertificateDocument?
    let databases: [Database]

    init(_ identity: UnitIdentity, board: BoardSerial?) throws(Failure) {
        let record = try identity.record()
        unit = record.unit.description
        site = record.site
        deployment = record.deployment
        created = ISO8601.string(milliseconds: record.created)
        image = record.image
        previousUnit = record.previousUnit?.description
        let state =
            switch CloneCheck(recorded: record.board, found: board) {
            case .same: "same"
            case .clone: "clone"
            case .noSerial: "noSerial"
            }
        self.board = Board(recorded: record.board?.description, found: board?.description, state: state)
        macs = record.macs
        key = record.key?.description
        certificate = (try? identity.certificate(.device)).map { CertificateDocument($0.leaf) }
        root = (try? identity.roots()).map { CertificateDocument($0.leaf) }
        web = (try? identity.certificate(.web)).map { CertificateDocument($0.leaf) }
        databases = UnitDatabase.allCases.compactMap { kind in
            record.databases[kind].map {
                Database(name: kind.rawValue, id: $0.id.description, predecessor: $0.predecessor?.description)
            }
        }
    }

    func text(for terminal: Terminal) -> String {
        var rows: [(String, String?)] = [
            ("unit", unit), ("site", [site, deployment].compactMap(\.self).joined(separator: ", ")),
            ("was", previousUnit), ("created", created), ("image", image), ("board", boardText),
            ("MACs", macs.joined(separator: " ")), ("key", key),
            ("certificate", certificate.map { text(of: $0) } ?? "none yet"), ("root", root.map { text(of: $0) }),
            ("web page", web.map { text(of: $0) }),
        ]
        rows += databases.map { ($0.name, $0.id + ($0.predecessor.map { " after \($0)" } ?? "")) }
        return rows.compactMap { name, value in
            guard let value, !value.isEmpty else { return nil }
            return name + String(repeating: " ", count: 13 - name.count) + value + "\n"
        }.joined()
    }

    private var boardText: String? {
        switch board.state {
        case "same": board.recorded
        case "clone": "\(board.recorded ?? "") — BUT THIS IS \(board.found ?? ""): the card was copied, or moved"
        default: board.recorded.map { "\($0) (not compared: this machine tells no serial number)" }
        }
    }

    private func text(of certificate: CertificateDocument) -> String {
        "\(certificate.serial), \(certificate.notBefore.prefix(10)) to \(certificate.notAfter.prefix(10))"
            + ", by \(certificate.issuer)"
    }
}
