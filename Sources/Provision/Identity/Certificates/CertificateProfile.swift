import Platform
import Site
import SwiftASN1
import X509

/// What a certificate is for: each profile grants what is written here, and nothing that a request adds.
public enum CertificateProfile: String, Sendable, CaseIterable {
    /// The unit towards the broker: a TLS client, named by unit ID and URIs.
    case unit
    /// A web page or a broker on the LAN: a TLS server, named by its host names and addresses.
    case web

    /// Days from signing to the end.
    ///
    /// A server's certificate may be valid for 825 days in all, or clients refuse it.
    var days: Int64 { self == .unit ? 3652 : 823 }

    /// A unit's clock may be a little behind that of the authority.
    static let daysBefore: Int64 = 1

    var usage: ExtendedKeyUsage.Usage { self == .unit ? .clientAuth : .serverAuth }

    /// Grants a request: the names that go into the certificate.
    ///
    /// - Parameter allowed: Names beyond those of a LAN that the operator grants a server.
    /// - Throws: `request.subject`, `request.name`, `request.authority`, `request.usage`, `request.extension`.
    func names(granted request: SigningRequest, allowed: [String], name: String) throws(Failure) -> [GeneralName] {
        for asked in request.extensions { try check(asked, name) }
        return switch self {
        case .unit: try unitNames(request, name)
        case .web: try webNames(request, HostNames(allowed: allowed), name)
        }
    }

    private func check(_ asked: Certificate.Extension, _ name: String) throws(Failure) {
        let hint = "ask for CN=UNIT and its names alone"
        switch asked.oid {
        case .X509ExtensionID.basicConstraints:
            guard (try? BasicConstraints(asked)) == .notCertificateAuthority else {
                throw Failure("request.authority", "\(name) asks to be a certificate authority.", hint: hint)
            }
        case .X509ExtensionID.keyUsage:
            guard (try? KeyUsage(asked)) == KeyUsage(digitalSignature: true) else {
                throw Failure("request.usage", "\(name) asks for a key that may do more than sign.", hint: hint)
            }
        case .X509ExtensionID.extendedKeyUsage:
            guard let usages = try? ExtendedKeyUsage(asked), usages.elementsEqual([usage]) else {
                throw Failure(
                    "request.usage", "\(name) asks for another use than that of the profile '\(rawValue)'.", hint: hint)
            }
        default:
            throw Failure(
                "request.extension", "\(name) asks for an extension that is not granted (\(asked.oid)).", hint: hint)
        }
    }

    /// The unit's own URI, asked for or not, and those of its databases.
    private func unitNames(_ request: SigningRequest, _ name: String) throws(Failure) -> [GeneralName] {
        guard let unit = UnitID(request.subject) else {
            throw Failure(
                "request.subject", "\(name) has no unit ID as its common name but '\(request.subject.printable)'.",
                hint: "a unit ID has lower case letters, digits and hyphens, at most 64")
        }
        var databases: [DatabaseID] = []
        for asked in request.names {
            if case .uniformResourceIdentifier(let uri) = asked {
                if IdentityURI.unit(in: uri) == unit { continue }
                if let database = IdentityURI.database(in: uri), !databases.contains(database), databases.count < 8 {
                    databases.append(database)
                    continue
                }
            }
            throw Failure(
                "request.name", "\(name) asks for a name that \(unit) is not given: '\(asked.shown)'.",
                hint: "ask for \(IdentityURI.unit(unit)) and the urn:uuid: of its databases")
        }
        let uris = [IdentityURI.unit(unit)] + databases.map { IdentityURI.database($0) }
        return uris.map { .uniformResourceIdentifier($0) }
    }

    private func webNames(
        _ request: SigningRequest, _ hosts: HostNames, _ name: String
    ) throws(Failure) -> [GeneralName] {
        var names: [GeneralName] = []
        for asked in request.names {
            guard hosts.grants(asked) else {
                throw Failure(
                    "request.name", "\(name) asks for a name that is none of a LAN: '\(asked.shown)'.",
                    hint: "picli ca sign --profile web --name NAME, when the server is to have it")
            }
            if !names.contains(asked) { names.append(asked) }
        }
        guard (1...32).contains(names.count) else {
            throw Failure(
                "request.name", "\(name) asks for \(names.count) names; a server has 1 to 32.",
                hint: "have the names in the request: openssl req … -addext subjectAltName=DNS:NAME")
        }
        guard UnitID(request.subject) != nil || names.contains(.dnsName(request.subject)) else {
            throw Failure(
                "request.subject",
                "\(name) has a common name that is neither a unit ID nor one of its names: \(request.subject.printable)."
            )
        }
        return names
    }
}
