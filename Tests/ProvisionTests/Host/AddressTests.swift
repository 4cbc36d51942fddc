import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("Fixed addresses")
struct AddressTests {
    private static let program = "/lib/systemd/systemd-networkd"

    @Test(
        "systemd-networkd gives the interface its address and its way out, also while the cable leads nowhere",
        .enabled(if: FirewallTests.hasNetworks && FileKind(of: Self.program) == .regular))
    func networkd() async throws {
        let plan = try HostPlan(site: HostFixtures.trailer(), facts: HostFacts(picliGroup: 1)).plan
        let text = try #require(HostFixtures.file("/run/systemd/network/05-picli.network", in: plan))
        let directory = TemporaryDirectory()
        directory.write(text, to: "file")
        let script = HostFixtures.repository + "/Tests/ProvisionTests/Fixtures/host/networkd.sh"
        let command = Command("unshare", ["--net", "--mount", "bash", script, "\(directory.path)/file"])
        let lines = try await LinuxCommandRunner().run(command).text.split(separator: "\n").map(String.init)
        try #require(lines.count == 3, "\(lines)")
        #expect(lines[0].contains("inet 192.168.1.10/24 brd 192.168.1.255 scope global eth0"))
        #expect(lines[1].hasPrefix("default via 192.168.1.1 dev eth0 proto static"))
        #expect(lines[2].hasPrefix("192.168.1.0/24 dev eth0"))
    }
}
