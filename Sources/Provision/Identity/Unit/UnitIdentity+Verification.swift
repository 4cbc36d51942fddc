import Platform
import Site

extension UnitIdentity {
    /// All that is wrong with the identity, and nothing but that.
    ///
    /// - Parameters:
    ///   - board: The serial number of the board that this is asked on.
    ///   - earliest: A time that is past for sure, such as that of the build: a clock before it was never set.
    public func findings(board: BoardSerial?, earliest: Int64, now: Int64) async -> [IdentityFinding] {
        let record: UnitRecord
        do {
            record = try self.record()
        } catch {
            return [IdentityFinding(error)]
        }
        var findings: [IdentityFinding] = []
        if now < earliest {
            findings.append(
                IdentityFinding(
                    "identity.clock",
                    "The clock of this machine says \(ISO8601.string(milliseconds: now)): it was never set.",
                    hint: "set the clock, or wait for NTP"))
        }
        if case .clone(let recorded, let found) = CloneCheck(recorded: record.board, found: board) {
            findings.append(
                IdentityFinding(
                    "identity.clone",
                    "\(record.unit) was provisioned on the board \(recorded), and this is \(found): the card was copied, or moved.",
                    hint: "picli provision --reclaim"))
        }
        if has(Self.swapMark) {
            findings.append(
                IdentityFinding(
                    "identity.interrupted", "A renewal was interrupted, and is finished at the next start.",
                    hint: "picli identity renew", severity: .warning))
        }
        findings += await self.findings(.device, record: record, now: now)
        if has(Role.web.keyFile) || has(Role.web.certificateFile) {
            findings += await self.findings(.web, record: record, now: now)
        }
        return findings
    }

    private func findings(_ role: Role, record: UnitRecord, now: Int64) async -> [IdentityFinding] {
        var findings: [IdentityFinding] = []
        if let mode = permissions(role.keyFile), mode & 0o077 != 0 {
            findings.append(
                IdentityFinding(
                    "identity.keyMode", "\(path(role.keyFile)) may be used by others than its owner.",
                    hint: "chmod 600 \(path(role.keyFile))"))
        }
        do {
            let fingerprint = try key(role).fingerprint
            if role == .web, !has(role.certificateFile) { return findings + [Self.waiting] }
            let chain = try certificate(role)
            if fingerprint != chain.leaf.key {
                findings.append(
                    IdentityFinding(
                        "certificate.key", "\(role.certificateFile) is for another key than \(role.keyFile).",
                        hint: "picli identity renew --csr-out FILE, and have that signed"))
            }
            if role == .device, let pinned = record.key, pinned != fingerprint {
                findings.append(
                    IdentityFinding(
                        "identity.keyDiffers", "\(role.keyFile) is not the key that \(Self.recordFile) pins.",
                        hint: "put the folder back from a copy, or picli provision --reclaim"))
            }
            findings += await CertificateFindings(chain, role, record: record, roots: try roots(), now: now).findings
        } catch {
            findings.append(IdentityFinding(error))
        }
        return findings
    }

    /// The page is served without it, by a certificate that the unit signs itself.
    private static let waiting = IdentityFinding(
        "identity.webWaiting", "A certificate of the web page was asked for, and is not installed yet.",
        hint: "picli identity renew --web --certificate FILE", severity: .warning)
}
