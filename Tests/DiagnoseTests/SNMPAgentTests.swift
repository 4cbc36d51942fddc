import Provision
import Site
import Testing

@testable import Diagnose

@Suite("The SNMP agent, and the unit behind it")
struct SNMPAgentTests {
    private static let section = "compatibility: { snmp: { allow: [192.168.1.20/32], auth: one, privacy: two } }"

    private func site() throws -> SiteFile {
        let result = SiteFile.parse(Trailer.text + "\n\(Self.section)\n", file: "site.yaml")
        return try #require(result.value, "\(result.diagnostics)")
    }

    /// - Parameter state: How systemd's unit of the agent is.
    private func facts(
        _ agent: AgentFacts, state: String = "active", result: String = "success", open ports: [OpenPort] = [Self.udp]
    ) throws -> Facts {
        var facts = try Trailer.facts()
        facts.site = .known(try site())
        facts.agent = .known(agent)
        facts.services = .known(
            ServiceFacts(units: [.init("picli-snmp.service", state: state, detail: "", result: result)]))
        facts.sockets = .known(ports)
        return facts
    }

    private static let udp = OpenPort(isTCP: false, port: 161)

    private func roots(_ facts: Facts) -> [String] {
        let ids = ["services.units", "services.snmp", "services.clients"]
        return RootCauses(ids.map { id in (id, facts.judged(id)) }).findings.filter(\.isRoot).map(\.key)
    }

    @Test("an agent to which the unit has come is well, and so is its port")
    func well() throws {
        let facts = try facts(AgentFacts())
        #expect(facts.verdicts("services.snmp") == ["ok"])
        #expect(facts.verdicts("services.clients") == ["ok snmp"])
    }

    @Test("one that was not installed, or does not run, is the one finding: its port follows from it")
    func away() throws {
        let missing = try facts(
            AgentFacts(isInstalled: false, isListening: false, isConnected: false), state: "inactive", open: [])
        #expect(roots(missing) == ["services.snmp"])
        #expect(missing.judged("services.snmp").first?.fix?.command == "apt-get install snmpd")
        #expect(missing.judged("services.snmp").first?.fix?.repair == nil)
        let stopped = try facts(AgentFacts(isListening: false, isConnected: false), state: "inactive", open: [])
        #expect(roots(stopped) == ["services.snmp"])
        #expect(stopped.judged("services.snmp").first?.evidence == "The SNMP agent does not run.")
        #expect(
            stopped.judged("services.snmp").first?.fix?.repair
                == Finding.Repair(["systemctl", "restart", "picli-host", "picli-snmp"]))
    }

    @Test("one that has failed is told by its service")
    func failed() throws {
        let facts = try facts(
            AgentFacts(isListening: false, isConnected: false), state: "failed", result: "exit-code", open: [])
        #expect(roots(facts) == ["services.units picli-snmp.service"])
        #expect(facts.verdicts("services.clients") == ["fail snmp"])
    }

    @Test("one that hangs is not taken for one that does not run")
    func hangs() throws {
        let facts = try facts(AgentFacts(isListening: false, isConnected: false))
        #expect(
            facts.judged("services.snmp").first?.evidence == "The SNMP agent runs, and does not listen for the unit.")
    }

    @Test("one to which the unit has not come yet is a warning")
    func alone() throws {
        let facts = try facts(AgentFacts(isConnected: false))
        #expect(facts.verdicts("services.snmp") == ["warn"])
        #expect(facts.verdicts("services.clients") == ["ok snmp"])
    }

    @Test("another program at the port is not taken for the agent, and a TCP port of that number is another one")
    func port() throws {
        let taken = try facts(AgentFacts(), state: "inactive")
        let found = taken.judged("services.clients").first
        #expect(found?.evidence.contains("Another program listens at port 161") == true)
        #expect(found?.fix?.command == "ss -ulpn")
        let other = try facts(AgentFacts(), open: [OpenPort(isTCP: true, port: 161)])
        #expect(other.verdicts("services.clients") == ["fail snmp"])
    }

    @Test("systemd is asked for it")
    func asked() {
        #expect(ServiceFacts.needed.contains("picli-snmp.service"))
    }

    @Test("its socket and the unit's connection are told apart from others in the kernel's table")
    func table() {
        let head = "Num       RefCount Protocol Flags    Type St Inode Path\n"
        let other = "0000000000000000: 00000003 00000000 00000000 0001 03 22341 /run/systemd/journal/stdout\n"
        let unnamed = "0000000000000000: 00000003 00000000 00000000 0001 03 22342\n"
        let listening = "0000000000000000: 00000002 00000000 00010000 0001 01 22343 \(SNMPAgentPlace.socket)\n"
        let connected = "0000000000000000: 00000003 00000000 00000000 0001 03 22344 \(SNMPAgentPlace.socket)\n"
        func read(_ table: String) -> AgentFacts { AgentFacts(isInstalled: true, sockets: table) }
        #expect(read(head + other + unnamed + listening + connected) == AgentFacts())
        #expect(read(head + other + listening + unnamed) == AgentFacts(isConnected: false))
        #expect(read(head + other + unnamed) == AgentFacts(isListening: false, isConnected: false))
        #expect(read("") == AgentFacts(isListening: false, isConnected: false))
        // Kept open by the unit while the agent that took it has gone from its socket.
        #expect(read(head + connected) == AgentFacts(isListening: false))
    }

    @Test("the rules that the firewall has for managers are counted: its listing is that of the site file")
    func firewall() throws {
        let site = try site()
        var without = site
        without.compatibility.snmp = nil
        let (open, closed) = (FirewallShape(of: site), FirewallShape(of: without))
        // The router is shut out, then the manager is let in.
        #expect(open.ruleCount == closed.ruleCount + 2)
        #expect(open.marker != closed.marker)
    }
}
