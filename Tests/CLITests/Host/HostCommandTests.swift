import Foundation
import Testing

@Suite("picli host")
struct HostCommandTests {
    private let site = """
        site: { name: Trailer 42 }
        network: { unit: 192.168.1.10/24, router: { address: 192.168.1.1 } }
        clock: { ntp: [router] }

        """

    /// A root with as much of a system as the command looks at.
    private func root() throws -> Folder {
        let folder = try Folder()
        let files = [
            "etc/picli/site.yaml": site, "etc/group": "root:x:0:\npicli:x:998:\n",
            "etc/passwd": "root:x:0:0::/:/bin/sh\n",
            "etc/systemd/system/multi-user.target.wants/systemd-networkd.service": "",
            "lib/systemd/systemd-timesyncd": "", "run/systemd/keep": "",
        ]
        for (name, text) in files {
            let path = folder.url.appending(path: name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try folder.write(name, text)
        }
        return folder
    }

    private func document(_ result: Binary.Result) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test("a dry run shows the plan as a diff and touches nothing")
    func dryRun() async throws {
        let folder = try root()
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        let result = try await Binary.run("host", "apply", "--root", folder.path, "--dry-run")
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("+++ \(folder.path)/run/picli/nftables.conf\n"))
        #expect(result.output.contains("+Address=192.168.1.10/24\n"))
        #expect(
            result.output.contains("# name: Name the machine trailer-42. Skipped: it is about the running system.\n"))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
    }

    @Test("the first run changes the tree, the second says that nothing had to be done", .enabled(if: getuid() == 0))
    func apply() async throws {
        let folder = try root()
        let first = try document(try await Binary.run("host", "apply", "--root", folder.path, "--json"))
        #expect(first["schema"] as? Int == 1)
        #expect(first["changes"] as? Int == 7)
        let steps = try #require(first["steps"] as? [[String: Any]])
        #expect(Set(steps.compactMap { $0["outcome"] as? String }) == ["changed", "skipped", "unchanged"])
        #expect(try folder.text("run/systemd/timesyncd.conf.d/90-picli.conf").contains("NTP=192.168.1.1\n"))
        let second = try await Binary.run("host", "apply", "--root", folder.path)
        #expect(second.status == 0)
        #expect(second.output.hasSuffix("0 of \(steps.count) steps changed something.\n"), "\(second)")
        let dry = try await Binary.run("host", "apply", "--root", folder.path, "--dry-run", "--json")
        #expect(try document(dry)["changes"] as? Int == 0)
    }

    @Test("a site file with errors changes nothing and exits with 64")
    func invalid() async throws {
        let folder = try root()
        let bad = try folder.write("bad.yaml", "site: { name: x }\nnetwrok: {}\n")
        let result = try await Binary.run("host", "apply", "--root", folder.path, "--site", bad, "--json")
        #expect(result.status == 64)
        #expect(result.failure?["code"] as? String == "site.invalid")
        #expect(try folder.names.sorted() == ["bad.yaml", "etc", "lib", "run"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run") == ["systemd"])
    }

    @Test("a root that is none is told", arguments: ["/nowhere/at/all", "/etc/passwd"])
    func noRoot(path: String) async throws {
        let result = try await Binary.run("host", "apply", "--root", path, "--json")
        #expect(result.status == 64)
        #expect(result.failure?["code"] as? String == "root.unusable")
    }

    /// A machine of its own as far as names, networks and /run go; systemctl, which needs a running systemd, is a program
    /// that notes how it was called.
    private static let ownMachine = """
        set -e
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system
        cp "$1/systemctl" /run/systemctl
        mount --bind /run/systemctl /usr/bin/systemctl
        set +e
        """

    static let hasNamespaces = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--net", "--uts", "--mount", "true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(
        "on the running system it loads the rules and names the machine, once; rules that others flush come back",
        .enabled(if: hasNamespaces))
    func live() async throws {
        let folder = try root()
        try folder.write("systemctl", "#!/bin/sh\necho \"$@\" >> /run/systemctl.log\n")
        chmod("\(folder.path)/systemctl", 0o755)
        let script = """
            \(Self.ownMachine)
            apply() { "$PICLI" host apply --site "$1/etc/picli/site.yaml" | tail -n 1; }
            apply "$1"; hostname; nft list table inet picli | grep -c 'tcp dport 514'
            apply "$1"
            nft flush ruleset
            apply "$1"; nft list table inet picli | grep -c 'policy drop'
            hostname other
            apply "$1"; hostname
            nft flush ruleset; nft -f "$RULES"
            apply "$1"; nft list table inet picli | grep -c 'tcp dport 514'
            sed -i 's/, router:/, camera: { address: 192.168.1.3 }, router:/' "$1/etc/picli/site.yaml"
            apply "$1"; nft list table inet picli | grep -c '192.168.1.3'
            apply "$1"
            """
        try folder.write("script", script)
        let result = try await Binary.shell(
            "unshare --net --uts --mount bash \(folder.path)/script \(folder.path)", environment: Self.fallback)
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 13, "\(result)")
        #expect(!lines[0].hasPrefix("0 of"))
        #expect(lines[1] == "trailer-42" && lines[2] == "1")
        #expect(lines[3].hasPrefix("0 of"))
        #expect(lines[4].hasPrefix("1 of") && lines[5] == "1")
        #expect(lines[6].hasPrefix("1 of") && lines[7] == "trailer-42")
        // The package's own rules, put there after a flush, are not taken for those of the site.
        #expect(lines[8].hasPrefix("1 of") && lines[9] == "1")
        #expect(!lines[10].hasPrefix("0 of") && lines[11] == "3")
        #expect(lines[12].hasPrefix("0 of"))
    }

    /// Where the package's rules are.
    private static let fallback = [
        "RULES": URL(filePath: #filePath).appending(path: "../../../../image/nftables/picli.conf").standardized.path
    ]

    @Test("without a site file a card gets the package's rules and nothing else", .enabled(if: getuid() == 0))
    func noSite() async throws {
        let folder = try root()
        try FileManager.default.removeItem(atPath: folder.path + "/etc/picli/site.yaml")
        let result = try await Binary.run("host", "apply", "--root", folder.path, "--json")
        #expect(result.status == 0, "\(result)")
        #expect(result.error == "There is no \(folder.path)/etc/picli/site.yaml yet: only the firewall is set.\n")
        let steps = try #require(try document(result)["steps"] as? [[String: Any]])
        #expect(steps.compactMap { $0["id"] as? String } == ["texts", "firewall", "firewall.load"])
        #expect(try folder.text("run/picli/nftables.conf").contains("policy drop;"))
        let named = try await Binary.run(
            "host", "apply", "--root", folder.path, "--site", folder.path + "/none.yaml", "--json")
        #expect(named.status == 64 && named.failure?["code"] as? String == "input.missing")
    }

    @Test("a running system without a site file is closed, too", .enabled(if: hasNamespaces))
    func closed() async throws {
        let folder = try root()
        try folder.write("systemctl", "#!/bin/sh\n")
        chmod("\(folder.path)/systemctl", 0o755)
        let script = """
            \(Self.ownMachine)
            [ ! -d /etc/picli ] || mount -t tmpfs tmpfs /etc/picli
            before=$(hostname)
            apply() { "$PICLI" host apply 2> /dev/null | tail -n 1; }
            apply; nft list table inet picli | grep -cE 'policy drop|tcp dport 22|udp dport 68'
            apply
            nft flush ruleset; nft -f "$RULES"; apply; apply
            [ "$before" = "$(hostname)" ] && echo same
            """
        try folder.write("script", script)
        let result = try await Binary.shell(
            "unshare --net --uts --mount bash \(folder.path)/script \(folder.path)", environment: Self.fallback)
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 6, "\(result)")
        #expect(!lines[0].hasPrefix("0 of") && lines[1] == "4")
        #expect(lines[2].hasPrefix("0 of") && lines[3].hasPrefix("1 of") && lines[4].hasPrefix("0 of"))
        #expect(lines[5] == "same")
    }
}
