import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The plan of a host")
struct HostPlanTests {
    private let unit = UnitID("pi-7k3m92qf")

    @Test(
        "of the example trailer, as it would be shown on a fresh system",
        arguments: [
            ("trailer-networkd.diff", HostFacts.NetworkService.networkd, HostFacts.ClockService.timesyncd),
            ("trailer-networkmanager.diff", .networkManager, .chrony),
        ])
    func golden(name: String, network: HostFacts.NetworkService, clock: HostFacts.ClockService) throws {
        var site = try HostFixtures.trailer()
        site.clock.ntp = [.router, .host("time.acme.example")]
        let facts = HostFacts(unit: unit, network: network, clock: clock, picliGroup: 998)
        let host = try HostPlan(site: site, facts: facts)
        #expect(host.notes.isEmpty)
        #expect(try HostFixtures.matches(PlanPreview(of: host.plan, on: MemoryState()).text, name))
    }

    @Test("all it writes is in /run, or a value of the kernel")
    func volatile() throws {
        for network in [HostFacts.NetworkService.networkd, .networkManager, .none] {
            for clock in [HostFacts.ClockService.timesyncd, .chrony, .none] {
                let facts = HostFacts(unit: unit, network: network, clock: clock, picliGroup: 998)
                for step in try HostPlan(site: HostFixtures.trailer(), facts: facts).plan.steps {
                    #expect(step.path.map { $0.hasPrefix("/run/") || $0.hasPrefix("/proc/sys/") } ?? true, "\(step)")
                    if case .command = step.action { #expect(step.scope == .liveOnly) }
                }
            }
        }
    }

    @Test("what this system cannot do is told")
    func notes() throws {
        var site = try HostFixtures.trailer()
        site.clock.ntp = [.router]
        let host = try HostPlan(site: site, facts: HostFacts(network: .none, clock: .none))
        #expect(host.notes.count == 4)
        #expect(host.notes.allSatisfy { $0.hasSuffix(".") || $0.contains("192.168.1.10/24") })
        site.network.interface = "wlan0"
        let wireless = try HostPlan(site: site, facts: HostFacts(network: .networkManager, picliGroup: 1))
        #expect(wireless.notes.count == 2 && wireless.notes[0].contains("wlan0"))
    }

    @Test(
        "the name is the unit's, or that of the site in letters that a network takes",
        arguments: [
            ("Trailer 42", "trailer-42"), ("42", "picli-42"), ("  ", "picli"), ("Ünït – 7", "n-t-7"), ("a", "a"),
            ("-x-", "x"), ("日本", "picli"),
            (String(repeating: "ab-", count: 40), String(repeating: "ab-", count: 21).dropLast().description),
        ] as [(String, String)])
    func names(site: String, name: String) {
        let description = SiteFile(site: SiteDescription(name: site))
        #expect(Provision.HostName.of(description, unit: nil) == name)
        #expect(Provision.HostName.of(description, unit: unit) == "pi-7k3m92qf")
    }

    @Test("any text becomes a label of RFC 1123", arguments: 0..<300)
    func labels(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let letters = Array("aZ09-_. éß\u{1F600}\n\0İ")
        let text = String(
            (0..<Int.random(in: 0...90, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? "a"
            })
        let label = Provision.HostName.label(text)
        #expect((1...63).contains(label.utf8.count))
        #expect(label.first != "-" && label.last != "-")
        #expect(label.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
        #expect(label.contains { !$0.isNumber })
    }

    @Test("without a fixed address the system is left alone, and an older one is taken back")
    func dynamic() throws {
        let site = SiteFile(site: SiteDescription(name: "x"))
        for (network, path) in [
            (HostFacts.NetworkService.networkd, "/run/systemd/network/05-picli.network"),
            (.networkManager, "/run/NetworkManager/system-connections/picli.nmconnection"),
        ] {
            let plan = try HostPlan(site: site, facts: HostFacts(network: network, picliGroup: 1)).plan
            #expect(plan.steps.contains { $0.action == .absent(path: path) })
        }
    }

    @Test("an address of IPv6 and one without a router are written for both services")
    func addresses() throws {
        var site = SiteFile(site: SiteDescription(name: "x"))
        site.network.unit = IPNetwork("fd00:1::10/64")
        site.network.router = IPAddress("fd00:1::1").map { RouterConfiguration(address: $0) }
        let managed = try HostPlan(site: site, facts: HostFacts(network: .networkManager, picliGroup: 1)).plan
        let keyfile = try #require(
            HostFixtures.file("/run/NetworkManager/system-connections/picli.nmconnection", in: managed))
        #expect(keyfile.contains("[ipv4]\nmethod=auto\nmay-fail=true\n"))
        #expect(keyfile.contains("[ipv6]\nmethod=manual\naddress1=fd00:1::10/64,fd00:1::1\ndns=fd00:1::1;\n"))
        site.network.router = nil
        let plan = try HostPlan(site: site, facts: HostFacts(picliGroup: 1)).plan
        let text = try #require(HostFixtures.file("/run/systemd/network/05-picli.network", in: plan))
        #expect(text.contains("Address=fd00:1::10/64\nDHCP=no\n"))
    }

    @Test("without a server of time nobody is asked, not even those that timesyncd and chrony bring")
    func silence() throws {
        let site = SiteFile(site: SiteDescription(name: "x"))
        let sync = try HostPlan(site: site, facts: HostFacts(clock: .timesyncd, picliGroup: 1)).plan
        #expect(
            HostFixtures.file("/run/systemd/timesyncd.conf.d/90-picli.conf", in: sync)?
                .hasSuffix("[Time]\nNTP=\nFallbackNTP=\nFallbackNTP=127.0.0.1\n") == true)
        let chrony = try HostPlan(site: site, facts: HostFacts(clock: .chrony, picliGroup: 1)).plan
        let text = try #require(HostFixtures.file("/run/systemd/system/chrony.service.d/90-picli.conf", in: chrony))
        #expect(!text.contains("server") && !text.contains("pool"))
    }

    @Test("a system is known by what is enabled on it")
    func facts() throws {
        let directory = TemporaryDirectory()
        let root = try SystemRoot(directory.path)
        let wants = "etc/systemd/system/multi-user.target.wants"
        #expect(
            try HostFacts(of: root, unit: nil)
                == HostFacts(
                    network: .none, clock: .none, hasSyslog: false, hasSNMP: false, hasSNMPUser: false,
                    hasSamba: false, knowsPassingUsers: false, users: ["root"]))
        directory.write("", to: "lib/systemd/systemd-timesyncd")
        directory.write("", to: "\(wants)/systemd-networkd.service")
        directory.write("root:x:0:\npicli:x:998:\npicli-snmp:x:997:\n", to: "etc/group")
        directory.write("", to: "usr/sbin/rsyslogd")
        directory.write("", to: "usr/sbin/snmpd")
        directory.write("", to: "usr/sbin/smbd")
        directory.write("root:x:0:0::/root:/bin/sh\n", to: "etc/passwd")
        directory.write("passwd:         files systemd\n", to: "etc/nsswitch.conf")
        #expect(try HostFacts(of: root, unit: unit) == HostFacts(unit: unit, picliGroup: 998, users: ["root"]))
        directory.write("", to: "\(wants)/NetworkManager.service")
        directory.write("", to: "\(wants)/chrony.service")
        #expect(
            try HostFacts(of: root, unit: nil)
                == HostFacts(network: .networkManager, clock: .chrony, picliGroup: 998, users: ["root"]))
    }

    @Test(
        "a record of a unit gives its ID, and anything else none",
        arguments: [
            (#"{"unit":"pi-7k3m92qf","more":1}"#, "pi-7k3m92qf"), (#"{"unit":"PI"}"#, nil), ("{", nil), ("", nil),
            (#"{"unit":7}"#, nil), ("[]", nil),
        ] as [(String, String?)])
    func record(text: String, id: String?) throws {
        let directory = TemporaryDirectory()
        #expect(try HostFacts.unit(of: SystemRoot(directory.path)) == nil)
        directory.write(text, to: "var/lib/picli/identity/unit.json")
        #expect(try HostFacts.unit(of: SystemRoot(directory.path))?.description == id)
    }
}
