import FoundationEssentials
import GRDB
import Site

/// Users, sessions and tokens as rows of the journal's file.
enum AccountRows {
    static func row(_ account: Account) -> StoredRow {
        let factor = account.secondFactor
        return StoredRow(
            .user, id: account.id,
            [
                account.name.description, account.role.description, account.password, account.isDisabled ? 1 : 0,
                account.created, account.lastLogin, factor?.secret.blob, factor?.lastStep,
                factor.map { $0.recovery.flatMap(\.self).blob },
            ])
    }

    static func account(_ row: StoredRow) -> Account? {
        guard let name = row.text(0).flatMap({ UserName($0) }), let role = row.text(1).flatMap({ Role($0) }),
            let password = row.text(2), let isDisabled = row.int(3), let created = row.int(4)
        else { return nil }
        let factor = row.bytes(6).map { secret in
            Account.SecondFactor(secret: secret, lastStep: row.int(7), recovery: digests(row.bytes(8) ?? []))
        }
        return Account(
            id: row.id, name: name, role: role, password: password, isDisabled: isDisabled == 1, created: created,
            lastLogin: row.int(5), secondFactor: factor)
    }

    static func row(_ session: Session) -> StoredRow {
        StoredRow(
            .session, id: session.id,
            [
                session.account, session.hash.blob, session.begun.wall, session.begun.boot, session.begun.monotonic,
                session.seen.wall, session.seen.monotonic, session.authenticated.wall, session.authenticated.monotonic,
                session.address, session.agent,
            ])
    }

    static func session(_ row: StoredRow) -> Session? {
        guard let account = row.int(0), let hash = row.bytes(1), let boot = row.int(3), let address = row.text(9),
            let agent = row.text(10), let begun = time(row, 2, 4, boot), let seen = time(row, 5, 6, boot),
            let authenticated = time(row, 7, 8, boot)
        else { return nil }
        return Session(
            id: row.id, account: account, hash: hash, begun: begun, seen: seen, authenticated: authenticated,
            address: address, agent: agent)
    }

    static func row(_ token: APIToken) -> StoredRow {
        StoredRow(
            .token, id: token.id,
            [
                token.account, token.hash.blob, token.name, token.role.description, token.created, token.expires,
                token.lastUse,
            ])
    }

    static func token(_ row: StoredRow) -> APIToken? {
        guard let account = row.int(0), let hash = row.bytes(1), let name = row.text(2),
            let role = row.text(3).flatMap({ Role($0) }), let created = row.int(4)
        else { return nil }
        return APIToken(
            id: row.id, account: account, hash: hash, name: name, role: role, created: created, expires: row.int(5),
            lastUse: row.int(6))
    }

    private static func time(_ row: StoredRow, _ wall: Int, _ monotonic: Int, _ boot: Int64) -> Timestamp? {
        guard let wall = row.int(wall), let monotonic = row.int(monotonic) else { return nil }
        return Timestamp(wall: wall, boot: Int(boot), monotonic: monotonic, isTrusted: true)
    }

    private static func digests(_ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count - bytes.count % 32, by: 32).map { Array(bytes[$0..<$0 + 32]) }
    }
}
