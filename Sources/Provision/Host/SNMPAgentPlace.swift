/// Where the machine's SNMP agent is, and where it meets the unit.
public enum SNMPAgentPlace {
    /// net-snmp's agent, as Debian installs it.
    public static let program = "/usr/sbin/snmpd"
    /// The socket at which it waits for the unit (AgentX, RFC 2741).
    public static let socket = SNMPText.socket
}
