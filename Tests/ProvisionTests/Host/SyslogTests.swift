import Foundation
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The unit as syslog server")
struct SyslogTests {
    static let program = "/usr/sbin/rsyslogd"

    private func facts(hasSyslog: Bool = true) -> HostFacts {
        HostFacts(unit: UnitID("pi-7k3m92qf"), hasSyslog: hasSyslog, picliGroup: 998)
    }

    @Test("the text names the router and the cameras, and nobody else")
    func senders() throws {
        var site = try HostFixtures.trailer()
        let text = try #require(SyslogText(site)?.text)
        #expect(text.contains(#"if $fromhost-ip == ["192.168.1.1", "192.168.1.3"] then"#))
        #expect(!text.contains("omfwd") && text.contains("port=\"514\""))
        site.network.router = nil
        site.network.cameras = []
        #expect(SyslogText(site) == nil)
        let plan = try HostPlan(site: site, facts: facts()).plan
        let nothing = try #require(HostFixtures.file("/run/picli/rsyslog.conf", in: plan))
        #expect(nothing.split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
    }

    @Test("without rsyslog that is told, and nothing is written")
    func missing() throws {
        let host = try HostPlan(site: HostFixtures.trailer(), facts: facts(hasSyslog: false))
        #expect(host.notes.contains { $0.contains("apt-get install rsyslog") })
        #expect(HostFixtures.file("/run/picli/rsyslog.conf", in: host.plan)?.contains("input") == false)
        // systemctl fails for a service that is not there.
        #expect(!host.plan.steps.contains { $0.id == "syslog.reload" })
    }

    @Test("rsyslogd takes it beside what Debian brings, with and without a central server", arguments: [false, true])
    func accepted(hasForward: Bool) throws {
        let folder = TemporaryDirectory()
        var site = try HostFixtures.trailer()
        site.logs.forward = hasForward ? ServiceURL("tls://logs.acme.example:6514") : nil
        let text = try #require(SyslogText(site, spool: folder.path)?.text)
        try AtomicFile.replace("\(folder.path)/picli.conf", with: Array(text.utf8))
        let main = try HostFixtures.text("image/rsyslog/picli.conf").replacing(
            "/run/picli/rsyslog.conf", with: "\(folder.path)/picli.conf")
        let debian = """
            module(load="imuxsock" SysSock.Use="off")
            $FileOwner root
            $FileGroup adm
            $FileCreateMode 0640
            $Umask 0022
            $WorkDirectory \(folder.path)
            \(main)
            *.* -\(folder.path)/syslog

            """
        try AtomicFile.replace("\(folder.path)/rsyslog.conf", with: Array(debian.utf8))
        let answer = try ForeignProgram.run(Self.program, ["-N1", "-f", "\(folder.path)/rsyslog.conf"])
        #expect(answer.status == 0, "\(answer)")
        let complaints = answer.output.split(separator: "\n").filter { $0.contains("error") || $0.contains("warning") }
        #expect(complaints.isEmpty, "\(complaints)")
    }
}
