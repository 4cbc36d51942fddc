public import Platform
import X509

/// A request, and what the operator says of it.
public struct SigningOrder: Sendable {
    /// PEM or DER.
    public var request: [UInt8]
    /// What the request is called in messages.
    public var name: String
    public var profile: CertificateProfile
    public var change: KeyChange
    /// Names beyond those of a LAN that a server is to have.
    public var allowedNames: [String]
    public var facts: UnitFacts

    public init(
        request: [UInt8], name: String, profile: CertificateProfile = .unit, change: KeyChange = .none,
        allowedNames: [String] = [], facts: UnitFacts = UnitFacts()
    ) {
        self.request = request
        self.name = name
        self.profile = profile
        self.change = change
        self.allowedNames = allowedNames
        self.facts = facts
    }
}

extension SigningOrder {
    /// What is asked for, and which of it is given.
    struct Grant {
        let request: SigningRequest
        let names: [GeneralName]
    }

    /// Looks at the request alone: no key is opened, and no register read.
    ///
    /// - Throws: `request.…`.
    public func check() throws(Failure) { _ = try grant() }

    func grant() throws(Failure) -> Grant {
        let request = try SigningRequest(self.request, name: name)
        return Grant(
            request: request, names: try profile.names(granted: request, allowed: allowedNames, name: name))
    }
}

/// A certificate that was signed, and is in the register.
public struct SignedCertificate: Sendable {
    public let profile: CertificateProfile
    /// The certificate and that of its issuer; the root apart.
    public let chain: CertificateChain
    /// Older certificates of the unit that were revoked with it.
    public let revoked: [CertificateSerial]
}

/// What came of a batch, in its order.
public struct SigningOutcome: Sendable {
    public let results: [Result<SignedCertificate, Failure>]
    /// The issuing authority that was made for it, because it was the first of a year.
    public let newIssuer: CertificateSummary?
    /// The deny list was written anew: brokers should have it.
    public let isListNew: Bool
}
