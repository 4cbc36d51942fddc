import Platform
import Site
import SwiftASN1
import X509

/// What came of a revocation.
public struct Revocation: Sendable {
    public let reason: RevocationReason
    public let revoked: [CertificateSerial]
    /// Those that had been revoked before.
    public let earlier: [CertificateSerial]
}

extension CertificateAuthority {
    /// Revokes one certificate, or all that a unit has, and writes the deny list anew.
    ///
    /// - Parameter name: A serial number or a unit ID (the subject of a certificate).
    /// - Throws: `Failure` `ca.unknown`, `passphrase.…`.
    public func revoke(
        _ name: String, reason: RevocationReason, by operation: Operation = Operation(), now: Int64
    ) throws -> Revocation {
        do {
            return try revokeKnown(name, reason, by: operation, now: now)
        } catch let failure as Failure {
            var entry = RegisterEntry(time: now, event: .refused, by: operation)
            entry.subject = name.printable
            entry.code = failure.code
            entry.detail = failure.message
            try? note(entry)
            throw failure
        }
    }

    private func revokeKnown(
        _ name: String, _ reason: RevocationReason, by operation: Operation, now: Int64
    ) throws -> Revocation {
        try register.transaction { known in
            var pins = PinBook(known)
            let named = try certificates(named: name, known)
            // A key that turns out to be stolen is so whatever its certificate was revoked for before.
            let new = named.filter { certificate in
                guard let before = pins.revocations[certificate.serial] else { return true }
                return reason == .keyCompromise && before.code != reason.rawValue
            }
            let entries = new.map { RegisterEntry.revocation(of: $0, reason, by: operation, now: now) }
            for entry in entries { pins.note(entry) }
            // Before the rows are on the disk, so that no list is ever behind the register.
            try writeRevocations(pins, number: nextNumber(known), now: now)
            let earlier = named.filter { certificate in !new.contains(certificate) }
            let revocation = Revocation(
                reason: reason, revoked: new.compactMap { CertificateSerial($0.serial) },
                earlier: earlier.compactMap { CertificateSerial($0.serial) })
            return (revocation, entries)
        }
    }

    private func certificates(named name: String, _ known: [RegisterEntry]) throws(Failure) -> [PinBook.Live] {
        let pins = PinBook(known)
        if let serial = CertificateSerial(name), let certificate = pins.certificate(serial.description) {
            return [certificate]
        }
        let found = known.filter { $0.event == .signed && $0.subject == name }
            .compactMap { $0.serial.flatMap { pins.certificate($0) } }
        guard !found.isEmpty else {
            throw Failure(
                "ca.unknown", "This authority signed nothing for '\(name.printable)'.",
                hint: "picli ca list --ca \(directory)", status: .usage)
        }
        return found
    }

    /// One list for each issuer, the root too: a broker that checks a chain wants all of them.
    func writeRevocations(_ pins: PinBook, number: Int64, now: Int64) throws {
        var text = String(decoding: try files.read(files.rootList), as: UTF8.self)
        let live = pins.revocations.values.sorted { ($0.time, $0.serial ?? "") < ($1.time, $1.serial ?? "") }
        for year in try files.years() {
            guard let (certificate, key) = try IssuingAuthority.open(year: year, files: files, keys: keys) else {
                continue
            }
            let entries = live.filter { $0.issuer == year }.compactMap { RevocationList.Entry($0) }
            let list = try RevocationList(
                entries, issuer: certificate, key: key, number: number, now: now,
                until: certificate.notValidAfter.milliseconds)
            text += try list.serializeAsPEM().pemString + "\n"
        }
        try files.write(files.revoked, Array(text.utf8), mode: 0o644)
    }

    /// The deny list as a broker takes it: the lists of all issuers in PEM, one after the other.
    public func revocationList() throws -> [UInt8] { try files.read(files.revoked) }

    /// The list of one issuing authority, in DER.
    ///
    /// - Throws: `Failure` `ca.unknown`.
    public func revocationList(year: String) throws -> [UInt8] {
        guard let place = try files.years().firstIndex(of: year) else {
            throw Failure(
                "ca.unknown", "This authority did not sign in \(year.printable).", hint: "picli ca list", status: .usage
            )
        }
        let text = String(decoding: try files.read(files.revoked), as: UTF8.self)
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        // The root's comes first.
        guard documents.count > place + 1 else {
            throw Failure(
                "ca.unreadable", "\(files.revoked) is damaged.",
                hint: "picli ca revoke UNIT writes it anew, also for a unit that is revoked already")
        }
        return documents[place + 1].derBytes
    }

    /// The serial numbers of what was revoked and is not over, one a line.
    public func denyList(now: Int64) throws -> String {
        let pins = PinBook(try register.entries())
        let serials = pins.revocations.keys.filter { (pins.certificate($0)?.notAfter ?? now) >= now }
        return serials.sorted().map { $0 + "\n" }.joined()
    }
}

extension RegisterEntry {
    static func revocation(
        of certificate: PinBook.Live, _ reason: RevocationReason, by operation: Operation, now: Int64
    ) -> RegisterEntry {
        var entry = RegisterEntry(time: now, event: .revoked, by: operation)
        entry.subject = certificate.subject
        entry.key = certificate.key
        entry.serial = certificate.serial
        entry.issuer = certificate.issuer
        entry.notAfter = certificate.notAfter
        entry.code = reason.rawValue
        return entry
    }
}

extension RevocationList.Entry {
    init?(_ entry: RegisterEntry) {
        guard let serial = entry.serial.flatMap({ CertificateSerial($0) }) else { return nil }
        self.init(
            serial: serial, time: entry.time, reason: entry.code.flatMap(RevocationReason.init) ?? .unspecified)
    }
}
