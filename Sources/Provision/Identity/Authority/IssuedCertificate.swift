import Platform
import SwiftASN1
import X509

/// A certificate of the register, and whether it may still be used.
public struct IssuedCertificate: Sendable {
    /// Stable words.
    public enum State: String, Sendable {
        case valid
        case expired
        case revoked
    }

    public let entry: RegisterEntry
    public let state: State
    /// The row of its revocation.
    public let revocation: RegisterEntry?
}

extension CertificateAuthority {
    /// All certificates of units and servers, the oldest first.
    public func certificates(now: Int64) throws -> [IssuedCertificate] { Self.certificates(try entries(), now: now) }

    static func certificates(_ entries: [RegisterEntry], now: Int64) -> [IssuedCertificate] {
        let revocations = PinBook(entries).revocations
        return entries.filter { $0.event == .signed }.map { entry in
            let revocation = entry.serial.flatMap { revocations[$0] }
            let isOver = entry.notAfter.map { $0 < now } ?? false
            return IssuedCertificate(
                entry: entry, state: revocation != nil ? .revoked : isOver ? .expired : .valid, revocation: revocation)
        }
    }

    /// All that the register says of a unit, a server or a serial number; the oldest first.
    ///
    /// - Throws: `Failure` `ca.unknown`.
    public func history(of name: String) throws -> [RegisterEntry] {
        let serial = CertificateSerial(name)?.description
        let found = try entries().filter { $0.subject == name || ($0.serial != nil && $0.serial == serial) }
        guard !found.isEmpty else {
            throw Failure(
                "ca.unknown", "The register knows nothing of '\(name.printable)'.",
                hint: "picli ca list --ca \(directory)", status: .usage)
        }
        return found
    }

    /// The chain of a certificate once more, as it was handed out.
    public func chain(_ serial: CertificateSerial, issuer year: String) throws -> CertificateChain? {
        guard let der = try register.certificate(serial.description) else { return nil }
        let issuer = try CertificateChain(pem: issuerPEM(year), name: "issuing \(year)").certificates[0]
        return try CertificateChain([Certificate(derEncoded: der), issuer])
    }
}
