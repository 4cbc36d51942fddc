import Bench
import Foundation
import Testing

/// The Debian package on a machine with systemd: installed, provisioned, started anew, upgraded, purged.
@Suite("The package", .bench)
struct PackageTests {
    private static let site = """
        site: { name: Bench }
        history: { window: 2s }
        sensors:
          - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1, interval: 1s }
        relays:
          - { id: lamp, line: GPIO27, boot: on }
        compatibility:
          snmp: { allow: [127.0.0.1/32], auth: nms-auth, privacy: nms-privacy }
        """
    private static let secrets = "nms-auth: correct-horse-battery\nnms-privacy: staple-ochre-wren\n"

    /// The site's name, by snmpd with the package's service at port 161; it may have to find the unit first.
    private func snmp(_ bench: Bench) async throws {
        let ask = """
            for i in $(seq 120); do
                name=$(snmpget -v 3 -u picli -l authPriv -a SHA-256 -A correct-horse-battery -x AES -X staple-ochre-wren -Oqv \
                    127.0.0.1 1.3.6.1.4.1.8072.9999.9999.7425.1.1.1.0)
                case $name in *Bench*) break;; esac
                sleep 0.5
            done
            echo "$name"; stat -c '%U:%G %a' /run/picli-snmp/snmpd.conf; systemctl is-active snmpd
            """
        let told = try await bench.status(ask)
        let log = try await bench.run("journalctl -u picli-snmp -o cat --no-pager | tail -20")
        #expect(told.output == "\"Bench\"\nroot:picli-snmp 640\ninactive\n", "\(told)\n\(log)")
    }

    /// Made from the program under test and looked at by lintian; and the next version of it, which has one file more and
    /// another text of a file that nobody edits.
    private func packages() throws -> (present: Data, next: Data) {
        let tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let output = FileManager.default.temporaryDirectory.appending(path: "picli-package-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        // Not compressed: it is unpacked by an emulated processor.
        let made = try HostProgram.run(
            tree.appending(path: "Scripts/make-deb").path, [HostProgram.picli, output.path], in: tree,
            environment: ["DPKG_DEB_COMPRESSOR_TYPE": "none"])
        try #require(made.status == 0, "\(made.output)")
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: output.path).first)
        // What a debug build or a package without compression is blamed for is not the package's.
        let spared = [
            "custom-library-search-path", "uses-no-compression-for-data-tarball",
            "uses-no-compression-for-control-tarball",
        ]
        let judged = try HostProgram.run(
            "/usr/bin/lintian",
            [
                "--allow-root", "--fail-on", "error,warning", "--suppress-tags", spared.joined(separator: ","),
                output.appending(path: file).path,
            ], in: tree)
        #expect(judged.status == 0, "\(judged.output)")
        let depends = try HostProgram.run(
            "/usr/bin/dpkg-deb", ["--field", output.appending(path: file).path, "Depends"], in: tree)
        // Found by dpkg-shlibdeps: an image's packages are taken from here.
        #expect(depends.output.contains("libmodbus5") && depends.output.contains("libsqlite3-0"), "\(depends.output)")
        try makeNext(of: output.appending(path: file), in: output)
        func data(_ name: String) throws -> Data { try Data(contentsOf: output.appending(path: name)) }
        return (try data(file), try data("next.deb"))
    }

    /// The package under its next version number, as `next.deb`.
    private func makeNext(of package: URL, in folder: URL) throws {
        let tree = folder.appending(path: "next")
        func dpkg(_ arguments: [String]) throws {
            let run = try HostProgram.run("/usr/bin/dpkg-deb", arguments, in: folder)
            try #require(run.status == 0, "\(run.output)")
        }
        func edit(_ name: String, _ change: (String) -> String) throws {
            let file = tree.appending(path: name)
            let text = try? String(contentsOf: file, encoding: .utf8)
            try Data(change(text ?? "").utf8).write(to: file)
        }
        try dpkg(["--raw-extract", package.path, tree.path])
        try edit("DEBIAN/control") { $0.replacing(/Version: .*/) { "\($0.output)+next" } }
        try edit("etc/rsyslog.d/picli.conf") { $0 + "# of the next version\n" }
        try edit("usr/share/picli/next") { _ in "new" }
        try dpkg(["--root-owner-group", "-Znone", "--build", tree.path, folder.appending(path: "next.deb").path])
    }

    @Test("it is installed, makes a unit that is back after a restart, is upgraded with what was edited, and purged")
    func life() async throws {
        let packages = try packages()
        try await Bench.boot(limit: .seconds(900)) { bench in
            // The libraries of a debug build, where every program looks for them.
            try await bench.run("cp /opt/picli/*.so /usr/lib/x86_64-linux-gnu/")
            // As on a card: one file system, and no policy of who built the machine against starting services.
            try await bench.run(
                "systemctl -q disable machine-attach; umount /var/lib/picli; rm -f /usr/sbin/policy-rc.d")
            // By the share: an emulated processor would decipher 140 MB of a shell.
            try packages.present.write(to: bench.share.appending(path: "picli.deb"))
            try await bench.run("rm -rf /etc/picli; dpkg -i /share/picli.deb")
            #expect(
                try await bench.run("systemctl is-enabled picli picli-host picli-relays")
                    == "enabled\nenabled\nenabled")
            #expect(try await bench.run("stat -c '%U:%G %a' /etc/picli /var/lib/picli").contains("root:picli 750"))
            #expect(try await bench.status("systemctl start picli; systemctl is-active picli").output == "inactive\n")

            try await bench.oneWire.plug("28-0000075ff6b1", celsius: 21.5)
            try await bench.run("cat > secrets.yaml", input: Data(Self.secrets.utf8))
            let made = try await bench.status(
                "cat > site.yaml; picli provision --site site.yaml --secrets secrets.yaml --any-board --unit pi-bench --yes --json",
                input: Data(Self.site.utf8))
            // Nobody sets the clock of a closed machine; the sensor is there.
            let log = try await bench.run("journalctl -u picli -u picli-host -o cat --no-pager | tail -40")
            try #require([0, 2].contains(made.status), "\(made)\n\(log)")
            #expect(made.output.contains(#""id":"sensor.enclosure","message":"enclosure says 21.5"#), "\(made)")
            #expect(try await bench.run("stat -c '%U %a' /var/lib/picli/identity/device.key") == "picli 600")
            try await bench.unit.value("enclosure.temperature", 21.5)
            #expect(try await bench.run("picli identity show").contains("pi-bench"))

            try await snmp(bench)

            // The pages, at the ports that systemd opens; the token of the label makes the first user.
            let ask = "curl -sk -m 60 -o /dev/null -w '%{http_code} %{redirect_url}'"
            #expect(try await bench.run("\(ask) http://127.0.0.1/x") == "308 https://127.0.0.1/x")
            #expect(try await bench.run("\(ask) https://127.0.0.1/api/v1/latest") == "403 ")
            let token = try #require(made.output.firstMatch(of: /"token":"([^"]+)"/)?.1)
            let form = "-c jar -d token=\(token) -d name=anna --data-urlencode 'password=four words of hers'"
            #expect(try await bench.run("\(ask) \(form) https://127.0.0.1/setup") == "303 https://127.0.0.1/")
            // The service may run what draws the code for the app.
            let offer = try await bench.run(
                """
                token=$(curl -sk -b jar https://127.0.0.1/account | sed -n 's/.*name="form_token" value="\\([^"]*\\)".*/\\1/p' | head -1)
                curl -sk -m 60 -b jar -d form_token=$token https://127.0.0.1/account/second-factor
                """)
            #expect(offer.contains("<svg class=\"qr\"") && offer.contains("<path"), "\(offer)")

            // The package keeps root out, as whom the bench comes in.
            try await bench.run("echo 'PermitRootLogin prohibit-password' > /etc/ssh/sshd_config.d/00-bench.conf")
            // A unit that loses its power is back by itself, with the name of the unit and its rules.
            try await bench.run("sync")
            try await bench.cutPower()
            try await bench.powerOn(.boot)
            try await bench.oneWire.plug("28-0000075ff6b1", celsius: 22.5)
            try await bench.unit.value("enclosure.temperature", 22.5)
            #expect(try await bench.run("systemctl is-active picli picli-host") == "active\nactive")
            #expect(try await bench.run("hostname") == "pi-bench")
            try await snmp(bench)
            #expect(try await bench.run("\(ask) https://127.0.0.1/api/v1/latest") == "401 ")
            #expect(try await bench.run("picli user list --json").contains(#""name":"anna","role":"admin""#))
            #expect(try await bench.run("nft list ruleset").contains("table inet picli"))
            for (unit, limit) in [("picli", 1.5), ("picli-relays", 2.0), ("picli-snmp", 2.0)] {
                let exposure = try await bench.run("systemd-analyze security --no-pager \(unit).service | tail -1")
                let figure = try #require(exposure.split(separator: " ").compactMap { Double($0) }.first, "\(exposure)")
                #expect(figure <= limit, "\(exposure)")
            }
            // The relay, which provisioning started and the boot took up again.
            let relays = RelayBench(bench: bench)
            #expect(try await bench.lines.level(27) == 1)
            try await bench.lines.sample([27])
            let owner = try await relays.process()

            try await bench.run("echo '# mine' >> /etc/ssh/sshd_config.d/10-picli.conf")
            let before = try await bench.run("systemctl show -P MainPID picli")
            try packages.next.write(to: bench.share.appending(path: "next.deb"))
            try await bench.run("modprobe -a 9p 9pnet_virtio; mount -t 9p -o trans=virtio,version=9p2000.L share /mnt")
            try await bench.run("dpkg -i --force-confold /mnt/next.deb")
            #expect(try await bench.run("dpkg-query -W -f '${Version}' picli").hasSuffix("+next"))
            #expect(try await bench.run("tail -1 /etc/ssh/sshd_config.d/10-picli.conf") == "# mine")
            #expect(try await bench.run("tail -1 /etc/rsyslog.d/picli.conf") == "# of the next version")
            #expect(try await bench.run("cat /usr/share/picli/next") == "new")
            #expect(try await bench.run("systemctl is-active picli") == "active")
            #expect(try await bench.run("systemctl show -P MainPID picli") != before)
            // The owner of the lines is the new one, too, and the lamp did not blink.
            #expect(try await relays.process() != owner)
            #expect(try await relays.moves().isEmpty)
            try await bench.run("systemctl stop sampling")
            // What it had recorded, and who may come in, is there.
            try await bench.unit.value("enclosure.temperature", 22.5)
            #expect(try await bench.run("picli user list --json").contains(#""name":"anna","role":"admin""#))
            let history = try await bench.run("picli readings query enclosure.temperature --since 1h --step raw --json")
            #expect(history.contains("21.5") && history.contains("22.5"), "\(history.prefix(2000))")

            try await modbus(bench)
            try await wrongSite(bench)

            try await bench.run("dpkg --purge picli")
            #expect(try await bench.status("systemctl is-active picli").output != "active\n")
            let left = try await bench.run(
                "ls /usr/bin/picli /etc/ssh/sshd_config.d/10-picli.conf /etc/systemd/system/*/picli*.service 2>/dev/null || true"
            )
            #expect(left.isEmpty, "\(left)")
            #expect(try await bench.run("ls /etc/picli /var/lib/picli").contains("site.yaml"))
        }
    }

    /// systemd opens port 502 for as long as the site file asks for it.
    private func modbus(_ bench: Bench) async throws {
        // The last section of the file goes on.
        let more = "  modbus: { profile: x410, allow: [127.0.0.1/32] }"
        try await bench.run("cp /etc/picli/site.yaml site.before")
        try await bench.run("printf '\\n%s\\n' '\(more)' >> /etc/picli/site.yaml")
        let apply = "picli host apply && systemctl restart picli"
        try await bench.run(apply)
        // Coil 0, the lamp.
        let ask = """
            import socket
            peer = socket.create_connection(("127.0.0.1", 502), 30)
            peer.settimeout(30)
            peer.sendall(bytes.fromhex("000100000006010100000001"))
            print(peer.recv(64).hex())

            """
        let log = try await bench.run("journalctl -u picli -u picli-modbus.socket -o cat --no-pager | tail -20")
        #expect(try await bench.run("python3 -", input: Data(ask.utf8)) == "00010000000401010101", "\(log)")
        try await bench.run("cp site.before /etc/picli/site.yaml")
        try await bench.run(apply)
        #expect(try await bench.status("python3 -", input: Data(ask.utf8)).error.contains("Connection refused"))
    }

    /// A site file that is wrong ends the service, and whoever knocks does not start it again and again.
    private func wrongSite(_ bench: Bench) async throws {
        try await bench.run("cp /etc/picli/site.yaml site.before; echo 'sensors: 3' > /etc/picli/site.yaml")
        #expect(try await bench.status("systemctl restart picli").status != 0)
        try await eventually("systemd leaves it closed", within: .seconds(200), poll: .milliseconds(500)) {
            try await bench.run("curl -sk -m 5 -o /dev/null https://127.0.0.1/ || true")
            return try await bench.run("systemctl show -P Result picli-web.socket") == "trigger-limit-hit"
        }
        try await bench.run("cp site.before /etc/picli/site.yaml; systemctl restart picli")
        let ask = "curl -sk -m 60 -o /dev/null -w '%{http_code}' https://127.0.0.1/api/v1/latest"
        #expect(try await bench.run(ask) == "401")
    }
}
