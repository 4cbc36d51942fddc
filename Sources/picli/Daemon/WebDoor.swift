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
        accounts = Self.accounts(journal: journal, state: state, now: now)
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

    static func accounts(journal: Journal, state: String, now: @escaping @Sendable () -> Timestamp) -> Accounts {
        Accounts(
            journal, setup: .kept(in: "\(state)/identity"), rule: PasswordRule(isCommon: CommonWords.contain), now: now)
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

    /// False where the package is not installed.
    @Sendable static func contain(_ word: String) -> Bool {
        guard word.utf8.count > 3, let text = try? SmallFile.bytes(at: file, limit: 4 << 20) else { return false }
        return text.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(word.utf8) }
    }
}
