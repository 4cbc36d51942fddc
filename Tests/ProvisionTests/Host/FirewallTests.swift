import Foundation
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("Firewall rules")
struct FirewallTests {
    @Test("the rules that the package brings are those of a site that says nothing")
    func fallback() throws {
        #expect(try HostFixtures.text("image/nftables/picli.conf") == FirewallText.fallback())
    }

    @Test("a role that the site does not have opens no port")
    func roles() throws {
        var site = try HostFixtures.trailer()
        let whole = FirewallText(site).text
        #expect(whole.contains("ip saddr 192.168.1.3 tcp dport 445 accept"))
        #expect(whole.contains("ip saddr { 192.168.1.1, 192.168.1.3 } udp dport 514 accept"))
        #expect(whole.contains("ip saddr 192.168.1.20 tcp dport 8081 accept"))
        #expect(whole.contains("iifname \"eth0\" ip saddr { 169.254.0.0/16, 192.168.1.0/24 } tcp dport 22 accept"))
        #expect(!whole.contains("dport 68") && !whole.contains("dport 123") && !whole.contains("dport 5353"))
        site.storage = nil
        site.compatibility.controlByWeb = nil
        #expect(!FirewallText(site).text.contains("445") && !FirewallText(site).text.contains("8081"))
        site.network.cameras = []
        site.network.router = nil
        #expect(!FirewallText(site).text.contains("514"))
        site.network.unit = nil
        #expect(FirewallText(site).text.contains("udp sport 67 udp dport 68 accept"))
        #expect(FirewallText(site).text.contains("ip daddr 224.0.0.251 udp dport 5353 accept"))
    }

    @Test("rules are known by their marker: the same for the same rules, another for others, none for the package's")
    func marker() throws {
        var site = try HostFixtures.trailer()
        let rules = FirewallText(site)
        #expect(FirewallText(site).marker == rules.marker && rules.text.contains("chain \(rules.marker) { }"))
        site.site.name = "Another"
        #expect(FirewallText(site).marker == rules.marker)
        site.network.cameras = []
        #expect(FirewallText(site).marker != rules.marker)
        #expect(!FirewallText.fallback().contains("chain site_"))
    }

    @Test("the page's own listeners are open in the place of 80 and 443, those of loopback not")
    func listeners() throws {
        var site = try HostFixtures.trailer()
        site.web.listen = ["0.0.0.0:8443", "127.0.0.1:8080", "[::]:8443"].compactMap { SocketAddress($0) }
        let text = FirewallText(site).text
        #expect(text.contains("tcp dport 8443 accept") && !text.contains("443,") && !text.contains("8080"))
        site.web.listen = [SocketAddress("127.0.0.1:8080")].compactMap(\.self)
        #expect(!FirewallText(site).text.contains("# The page."))
    }

    @Test("the listener of the site's own network is closed to whoever comes under the router's address")
    func ownNetwork() throws {
        var site = try HostFixtures.trailer()
        site.web.lan = ["192.168.1.10:9443", "[::1]:9444"].compactMap { SocketAddress($0) }
        let text = FirewallText(site).text
        let drop = try #require(
            text.range(of: "iifname \"eth0\" ip saddr 192.168.1.1 tcp dport 9443 drop"), "\(text)")
        let accept = try #require(
            text.range(of: "iifname \"eth0\" ip saddr 192.168.1.0/24 tcp dport 9443 accept"), "\(text)")
        #expect(drop.upperBound < accept.lowerBound && text.contains("tcp dport { 80, 443 } accept"))
        #expect(!text.contains("9444"))
        site.network.router = nil
        #expect(!FirewallText(site).text.contains("9443 drop"))
    }

    @Test("nobody asks by SNMP under the router's address, whatever the list says")
    func managers() throws {
        var site = try HostFixtures.trailer()
        let network = try #require(IPNetwork("192.168.1.0/24"))
        site.compatibility.snmp = SNMPConfiguration(allow: [network], authentication: "a", privacy: "b")
        let text = FirewallText(site).text
        let drop = try #require(text.range(of: "ip saddr 192.168.1.1 udp dport 161 drop"), "\(text)")
        let accept = try #require(text.range(of: "ip saddr 192.168.1.0/24 udp dport 161 accept"), "\(text)")
        #expect(drop.upperBound < accept.lowerBound)
        site.compatibility.snmp = nil
        #expect(!FirewallText(site).text.contains("161"))
    }

    @Test("nft takes the rules of any site", .enabled(if: Self.hasNetworks), arguments: 0..<8)
    func accepted(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let directory = TemporaryDirectory()
        for number in 0..<40 { directory.write(FirewallText(site(&random)).text, to: "\(number)") }
        directory.write(FirewallText.fallback(), to: "fallback")
        // One network for all of them; each is loaded in the place of the one before.
        let script = """
            import os, subprocess, sys
            for name in sorted(os.listdir(sys.argv[1])):
                if name == 'fallback': continue
                for mode in (['-c', '-f'], ['-f']):
                    done = subprocess.run(['nft', *mode, os.path.join(sys.argv[1], name)], capture_output=True, text=True)
                    if done.returncode: sys.exit(name + ': ' + done.stderr)
            done = subprocess.run(['nft', '-f', os.path.join(sys.argv[1], 'fallback')])
            if not done.returncode: sys.exit('the fallback replaced what was there')
            subprocess.run(['nft', 'delete', 'table', 'inet', 'picli'], check=True)
            subprocess.run(['nft', '-f', os.path.join(sys.argv[1], 'fallback')], check=True)
            """
        let command = Command("unshare", ["--net", "python3", "-c", script, directory.path], timeout: .seconds(60))
        _ = try await LinuxCommandRunner().run(command)
    }

    /// Whether this machine lets us make networks of our own.
    static let hasNetworks = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--net", "true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private func site(_ random: inout SeededGenerator) -> SiteFile {
        var site = SiteFile(site: SiteDescription(name: "x"))
        let interfaces = ["eth0", "br-lan", "wlan0.7", "a_b", "123", "enp1s0f0"]
        site.network.interface = interfaces.randomElement(using: &random) ?? "eth0"
        if Bool.random(using: &random) { site.network.unit = network(&random) }
        if Bool.random(using: &random) { site.network.router = RouterConfiguration(address: network(&random).address) }
        for number in 0..<Int.random(in: 0...5, using: &random) {
            site.network.cameras.append(CameraConfiguration(id: "c\(number)", address: network(&random).address))
        }
        if Bool.random(using: &random) { site.storage = StorageConfiguration() }
        if Bool.random(using: &random) {
            let allow = (0..<Int.random(in: 0...6, using: &random)).map { _ in network(&random) }
            site.compatibility.controlByWeb = ControlByWebConfiguration(
                profile: .x410, allow: allow, port: Int.random(in: 1...65_535, using: &random))
            if Bool.random(using: &random) {
                site.compatibility.modbus = ModbusConfiguration(
                    profile: .x410, allow: allow, port: Int.random(in: 1...65_535, using: &random))
            }
            if Bool.random(using: &random) {
                site.compatibility.snmp = SNMPConfiguration(
                    allow: allow, port: Int.random(in: 1...65_535, using: &random), authentication: "a", privacy: "b")
            }
        }
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            site.web.listen.append(
                SocketAddress(address: network(&random).address, port: Int.random(in: 1...65_535, using: &random)))
        }
        return site
    }

    /// Any address with any length, often of few different bits, so that networks lie in each other.
    private func network(_ random: inout SeededGenerator) -> IPNetwork {
        let isVersion4 = Bool.random(using: &random)
        let bits = isVersion4 ? 32 : 128
        let digits = (0..<bits / 8).map { _ in
            Bool.random(using: &random) ? 192 : Int.random(in: 0...255, using: &random)
        }
        let text =
            isVersion4
            ? digits.map(String.init).joined(separator: ".")
            : stride(from: 0, to: 16, by: 2).map { String(digits[$0] << 8 | digits[$0 + 1], radix: 16) }
                .joined(separator: ":")
        let length = [0, 1, 8, 24, bits - 1, bits, bits].randomElement(using: &random) ?? bits
        let fallback = IPNetwork("10.0.0.0/8") ?? IPNetwork("::/0")
        guard let network = IPNetwork("\(text)/\(length)") ?? fallback else { fatalError("no network \(text)") }
        return network
    }
}
