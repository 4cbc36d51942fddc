import Site
import Testing

@testable import Diagnose

@Suite("Ports of other products' clients")
struct ClientPortTests {
    private static let both = """
        { controlbyweb: { profile: x410, allow: [192.168.1.20/32] }, modbus: { profile: x410, allow: [192.168.1.20/32] } }
        """

    /// - Parameter socket: How systemd's unit of the port of Modbus is; nil where nobody knows.
    private func facts(_ compatibility: String, open ports: [Int], socket: String? = nil) throws -> Facts {
        let text = Trailer.text + "\ncompatibility: \(compatibility)\n"
        var facts = try Trailer.facts()
        facts.site = .known(try #require(SiteFile.parse(text, file: "site.yaml").value))
        facts.sockets = .known(ports.map { OpenPort(isTCP: true, port: $0) })
        if let socket {
            facts.services = .known(
                ServiceFacts(units: [.init("picli-modbus.socket", state: socket, detail: "", result: "resources")]))
        }
        return facts
    }

    @Test("open ones are well, with and without a word of systemd")
    func open() throws {
        for socket in ["active", nil] {
            let facts = try facts(Self.both, open: [502, 8081], socket: socket)
            #expect(facts.verdicts("services.clients") == ["ok controlbyweb", "ok modbus"])
        }
    }

    @Test("a closed one is told, and set right by reading the site file anew")
    func closed() throws {
        let facts = try facts(Self.both, open: [8081], socket: "inactive")
        #expect(facts.verdicts("services.clients") == ["ok controlbyweb", "fail modbus"])
        let found = try #require(facts.judged("services.clients").last)
        #expect(found.evidence == "Clients of Modbus/TCP find port 502 closed.")
        #expect(found.fix?.repair == Finding.Repair(["systemctl", "restart", "picli-host", "picli"]))
    }

    @Test("a program that sits at the port of Modbus is not taken for the unit")
    func taken() throws {
        let facts = try facts(Self.both, open: [502, 8081], socket: "inactive")
        #expect(facts.judged("services.clients").last?.evidence.contains("Another program listens at port 502") == true)
        #expect(facts.judged("services.clients").last?.fix?.repair == nil)
    }

    @Test("a unit that does not run, or a socket that has failed, is the one finding")
    func deeper() throws {
        var facts = try facts(Self.both, open: [], socket: "failed")
        func roots(_ facts: Facts) -> [String] {
            RootCauses(["services.units", "services.clients"].map { id in (id, facts.judged(id)) }).findings
                .filter(\.isRoot).map(\.key)
        }
        #expect(roots(facts) == ["services.units picli-modbus.socket", "services.clients controlbyweb"])
        #expect(facts.judged("services.units").first?.cause?.contains("port was taken") == true)
        facts.services = .known(ServiceFacts(units: [.init("picli.service", state: "inactive", detail: "dead")]))
        #expect(roots(facts) == ["services.units picli.service"])
    }

    @Test("a port for programs of this machine is not seen from outside; a site without clients is not asked for any")
    func inside() throws {
        let inside = "{ modbus: { profile: x410, allow: [127.0.0.1/32], port: 1502 } }"
        #expect(try facts(inside, open: []).verdicts("services.clients") == ["skipped modbus"])
        var nobody = try Trailer.facts()
        nobody.sockets = .known([])
        #expect(nobody.verdicts("services.clients") == ["skipped"])
    }

    @Test("systemd is asked for the socket of Modbus")
    func asked() {
        #expect(ServiceFacts.needed.contains("picli-modbus.socket"))
    }
}
