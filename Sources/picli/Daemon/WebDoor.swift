import Appliance
import Glibc
import Logging
import Platform
import Provision
import Site
import Store
import Web

/// How people come in to a unit: by which certificate it is known, and who may.
struct WebDoor {
    let accounts: Accounts
    let certificate: ServerCertificate?

    /// - Parameter isOpen: Whether anything listens over TLS; else no certificate is needed.
    init(
        _ site: SiteFile, state: String, isOpen: Bool, journal: Journal, now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) async {
        accounts = Self.accounts(journal: journal, state: state, now: now, logger)
        do {
            try await accounts.load()
        } catch {
            logger.error("nobody can sign in until the journal can be read", metadata: ["error": "\(error)"])
        }
        if !CommonWords.areInstalled {
            logger.warning("common passwords are not known: install cracklib-runtime")
        }
        certificate = isOpen ? Self.certificate(site, state: state, logger) : nil
    }

    static func accounts(
        journal: Journal, state: String, now: @escaping @Sendable () -> Timestamp, _ logger: Logger
    ) -> Accounts {
        let rule = PasswordRule { words in
            do { return try CommonWords.found(among: words) } catch {
                logger.error("a password is taken without a look at the common ones", metadata: ["error": "\(error)"])
                return []
            }
        }
        return Accounts(journal, setup: .kept(in: "\(state)/identity"), rule: rule, now: now)
    }

    /// The one of the identity; while there is none, one of its own.
    ///
    /// Without either the unit senses all the same, and nobody comes in over TLS.
    private static func certificate(_ site: SiteFile, state: String, _ logger: Logger) -> ServerCertificate? {
        let identity = ServerCertificate.Pair(
            certificate: "\(state)/identity/web.crt", key: "\(state)/identity/web.key")
        let own = (certificate: "\(state)/web.crt", key: "\(state)/web.key")
        do throws(Failure) {
            try SelfSignedCertificate.ensure(
                certificate: own.certificate, key: own.key, names: site.web.names + ["picli.local", "localhost"],
                now: KernelClock.wall())
        } catch {
            logger.error("a certificate of the unit's own cannot be made", metadata: ["error": "\(error.message)"])
        }
        do throws(Failure) {
            return try ServerCertificate(
                [identity, .init(certificate: own.certificate, key: own.key)], now: { KernelClock.sinceBoot() }
            ) { logger.error("\($0)") }
        } catch {
            logger.error("nobody comes in over TLS", metadata: ["error": "\(error.message)"])
            return nil
        }
    }
}

extension SetupSecret {
    /// The token that provisioning left the hash of.
    fileprivate static func kept(in directory: String) -> SetupSecret {
        SetupSecret(
            admits: { text in
                guard let hash = try SetupTokenHash.read(in: directory) else {
                    throw Problem(
                        status: 403, code: "setup.no_token",
                        detail: "This unit has no setup token. On the unit, type: picli user add NAME --role admin")
                }
                return SetupToken(text)?.matches(hash: hash) ?? false
            },
            forget: { try SetupTokenHash.remove(in: directory) })
    }
}

/// Words that passwords are not made of: those of cracklib-runtime.
enum CommonWords {
    private static let file = "/usr/share/dict/cracklib-small"

    static var areInstalled: Bool { access(file, R_OK) == 0 }

    /// Those that are on the list, whatever its capitals; none where the package is not installed.
    static func found(among words: Set<String>) throws -> Set<String> {
        guard areInstalled else { return [] }
        let words = words.filter { $0.utf8.count > 3 }
        let lines = try SmallFile.bytes(at: file, limit: 4 << 20).split {
            $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
        }
        return words.filter { word in lines.contains { $0.elementsEqual(word.utf8) { $0 | 0x20 == $1 | 0x20 } } }
    }
}
