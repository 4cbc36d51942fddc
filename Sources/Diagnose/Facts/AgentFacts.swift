import Platform
import Provision
import Site

/// The machine's SNMP agent, and whether the unit speaks to it.
public struct AgentFacts: Hashable, Sendable {
    /// snmpd is there.
    public var isInstalled: Bool
    /// It waits for the unit at its socket.
    public var isListening: Bool
    /// The unit has come to it.
    public var isConnected: Bool

    public init(isInstalled: Bool = true, isListening: Bool = true, isConnected: Bool = true) {
        self.isInstalled = isInstalled
        self.isListening = isListening
        self.isConnected = isConnected
    }

    init(of subject: Subject) throws {
        guard let site = try? subject.site.get() else { throw NotHere("the site file cannot be used") }
        guard site.compatibility.snmp != nil else { throw NotHere("the site file does not ask for SNMP") }
        if subject.isSimulated { throw NotHere("the network is simulated") }
        guard subject.isInstalled else { throw NotHere("this unit is not a service of the machine") }
        self.init(
            isInstalled: FileKind(of: SNMPAgentPlace.program) != nil,
            sockets: try SmallFile.text(at: "/proc/net/unix", limit: 4 << 20))
    }

    /// - Parameter table: /proc/net/unix: Num, RefCount, Protocol, Flags, Type, St, Inode, Path (proc(5)).
    ///
    ///   A connection has the path of the socket that took it. The folder itself is closed to others.
    init(isInstalled: Bool, sockets table: String) {
        let own = table.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }.filter { fields in
            fields.count == 8 && fields[7] == SNMPAgentPlace.socket
        }
        self.init(
            isInstalled: isInstalled,
            // __SO_ACCEPTCON and SS_CONNECTED of the kernel.
            isListening: own.contains { $0[3] == "00010000" }, isConnected: own.contains { $0[5] == "03" })
    }
}
