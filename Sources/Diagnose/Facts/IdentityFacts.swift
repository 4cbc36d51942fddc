import Platform
import Provision
import Site

/// What is wrong with the identity of the unit.
enum IdentityLook {
    static func findings(_ subject: Subject) async throws -> [IdentityFinding] {
        let identity = UnitIdentity(in: subject.root, state: subject.state)
        guard identity.exists else { throw NotHere("the unit is not provisioned") }
        let board = subject.root.isLive ? BoardSerial.ofBoard() : nil
        let findings = await identity.findings(board: board, earliest: subject.earliest, now: KernelClock.wall())
        if let denied = findings.first(where: { $0.code == "identity.denied" }) { throw NotHere(denied.message) }
        return findings
    }
}

/// A file that others must not read.
public struct FileFacts: Hashable, Sendable {
    public var path: String
    /// The nine permission bits.
    public var mode: UInt32
    /// Those that it may have at most.
    public var most: UInt32

    public init(path: String, mode: UInt32, most: UInt32) {
        self.path = path
        self.mode = mode
        self.most = most
    }

    static func all(_ subject: Subject) throws -> [FileFacts] {
        let identity = "\(subject.state)/identity"
        var wanted: [(String, UInt32)] = [
            ("/etc/picli/site.yaml", 0o660), ("/etc/picli/secrets.yaml", 0o640), (identity, 0o750),
            ("\(identity)/device.key", 0o600), ("\(identity)/web.key", 0o600),
            ("\(subject.state)/web.key", 0o600), ("\(subject.state)/journal.sqlite", 0o660),
        ]
        // The folder of a unit that is tried out is its owner's affair.
        if subject.isInstalled || !subject.root.isLive { wanted.append((subject.state, 0o770)) }
        let found = wanted.compactMap { path, most in
            subject.root.permissions(of: path).map { FileFacts(path: subject.root.shown(path), mode: $0, most: most) }
        }
        guard !found.isEmpty else { throw NotHere("there is no file of a unit") }
        return found
    }
}

/// Whether the broker lets the unit in.
enum BrokerLook {
    static func check(_ subject: Subject) async throws -> SelfTest.Check {
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        let identity = UnitIdentity(in: subject.root, state: subject.state)
        guard let check = await SelfTest.broker(site.uplink, identity: identity) else {
            throw NotHere("no uplink is set")
        }
        if check.outcome == .skipped { throw NotHere(check.message) }
        return check
    }
}
