import Platform

/// One line to root: `{"call":"eject"}`.
struct RootCall: Hashable, Sendable, Codable {
    /// What may be asked for, and nothing else.
    enum Name: String, Hashable, Sendable, Codable {
        case eject, offer, format
    }

    var call: Name
    var device: String?
    var kind: FormatPlan.Kind?
    var seal: String?

    init(_ call: Name, device: String? = nil, kind: FormatPlan.Kind? = nil, seal: String? = nil) {
        self.call = call
        self.device = device
        self.kind = kind
        self.seal = seal
    }
}

/// One line back.
struct RootReply: Hashable, Sendable, Codable {
    var disk: String?
    var offer: FormatOffer?
    var record: DriveRecord?
    var failure: SocketRefusal?
}
