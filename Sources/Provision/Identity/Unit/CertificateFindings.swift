import Platform
import Site
import X509

/// What is wrong with a certificate of a unit; the worst first.
struct CertificateFindings {
    private static let day: Int64 = 86_400_000

    let findings: [IdentityFinding]

    /// The first that forbids to use it.
    var worst: IdentityFinding? { findings.first { $0.severity == .error } }

    init(
        _ chain: CertificateChain, _ role: UnitIdentity.Role, record: UnitRecord, roots: CertificateChain, now: Int64
    ) async {
        let leaf = chain.leaf
        var findings: [IdentityFinding] = []
        // A clock that was never set must not condemn a good certificate: the chain is judged for a time within it.
        let moment = min(max(now, leaf.notBefore), leaf.notAfter)
        if now < leaf.notBefore { findings.append(Self.clockFault(leaf, now)) }
        if let fault = await chain.fault(upTo: roots.certificates, at: moment) {
            findings.append(
                IdentityFinding(
                    "certificate.chain", "The \(role.rawValue) certificate does not lead to ca.crt: \(fault).",
                    hint: "ask for the whole chain, or name the root with --ca-certificate"))
        }
        findings += Self.names(chain, role, record)
        findings += Self.end(leaf, role, now)
        self.findings = findings
    }

    private static func clockFault(_ leaf: CertificateSummary, _ now: Int64) -> IdentityFinding {
        IdentityFinding(
            "identity.clock",
            """
            The clock of this machine says \(ISO8601.string(milliseconds: now)), before the certificate begins \
            (\(ISO8601.string(milliseconds: leaf.notBefore))): the clock is wrong, not the certificate.
            """, hint: "set the clock, or wait for NTP", exit: .tryAgain)
    }

    private static func names(
        _ chain: CertificateChain, _ role: UnitIdentity.Role, _ record: UnitRecord
    ) -> [IdentityFinding] {
        let certificate = chain.certificates[0]
        let usage = (try? certificate.extensions.extendedKeyUsage) ?? nil
        guard usage?.contains(role.profile.usage) ?? true else {
            return [
                IdentityFinding(
                    "certificate.usage",
                    "The \(role.rawValue) certificate is not for a TLS \(role == .device ? "client" : "server").")
            ]
        }
        guard role == .device else { return [] }
        var findings: [IdentityFinding] = []
        if chain.leaf.subject != record.unit.description {
            findings.append(
                IdentityFinding(
                    "certificate.unit",
                    "The certificate is for '\(chain.leaf.subject)', and the unit is \(record.unit).",
                    hint: "picli identity renew --csr-out FILE, and have that signed"))
        }
        let wanted = [IdentityURI.unit(record.unit)] + record.databaseIDs.map { IdentityURI.database($0) }
        let missing = wanted.filter { !chain.leaf.uris.contains($0) }
        if !missing.isEmpty {
            // Another authority may not grant URIs; its certificate is still good towards a broker.
            let isOwn = chain.leaf.uris.contains { $0.hasPrefix("urn:picli:") || $0.hasPrefix("urn:uuid:") }
            findings.append(
                IdentityFinding(
                    "certificate.names", "The certificate does not bind \(missing.joined(separator: ", ")).",
                    hint: "picli identity renew --csr-out FILE, and have that signed",
                    severity: isOwn ? .error : .warning))
        }
        return findings
    }

    private static func end(_ leaf: CertificateSummary, _ role: UnitIdentity.Role, _ now: Int64) -> [IdentityFinding] {
        let end = ISO8601.string(milliseconds: leaf.notAfter).prefix(10)
        let hint = "picli identity renew --csr-out FILE\(role == .web ? " --web --name NAME" : "")"
        if now > leaf.notAfter {
            return [
                IdentityFinding("certificate.expired", "The \(role.rawValue) certificate ended on \(end).", hint: hint)
            ]
        }
        let notice = (role == .device ? 90 : 30) * day
        guard now > leaf.notAfter - notice else { return [] }
        return [
            IdentityFinding(
                "certificate.endsSoon", "The \(role.rawValue) certificate ends on \(end).", hint: hint,
                severity: .warning)
        ]
    }
}
