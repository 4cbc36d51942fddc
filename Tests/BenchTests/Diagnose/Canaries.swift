import Bench
import Foundation
import Testing

/// Words that must not leave a unit, in every source of a bundle that a real machine has.
enum Canaries {
    private static let words = [
        "correct-horse", "canarypw77", "canarytoken88", "eve@mail.example", "52:54:00:ca:ca:01", "Canary Corporation",
        Network.unit, Network.Host.camera.address, "192.168.1.77", "Mozart-Street",
        "ophelia.marsh",
    ]

    /// Sources whose files must be there.
    private static let sources = [
        "report.json", "site.yaml", "readings.jsonl", "history.jsonl", "events.jsonl", "logs.jsonl", "service.log",
        "kernel.log", "services.txt", "network.txt", "system.json", "manifest.json",
    ]

    /// Plants them, has a bundle written, and looks for them in all of its files.
    static func areKept(by patient: Patient) async throws {
        let bench = patient.bench
        // Somebody with an account.
        try await bench.run(
            "picli user add ophelia.marsh --role admin --password-file -", input: Data("vexing-lantern-88-ochre\n".utf8)
        )
        // A stranger, of whom the unit tells in an event; a program that says too much, in its name as well.
        try await bench.run(
            """
            ip -n camera addr add 192.168.1.77/32 dev eth0
            echo '<4>canary: psk=canarypw77 52:54:00:ca:ca:01 from 192.168.1.77' > /dev/kmsg
            systemd-run -q --wait --unit=picli-canary \
              echo 'eve@mail.example: password=canarypw77 https://eve:canarytoken88@hooks.example correct-horse Ophelia.Marsh'
            systemd-run -q --unit=picli-canary-2 --description='mail correct-horse to eve@mail.example' sleep 600
            """)
        try await patient.send(
            "<134>canary: correct-horse from eve@mail.example, by ophelia.marsh, psk=canarypw77, Bearer canarytoken88",
            from: .camera)
        try await patient.send(
            "<134>Nov 30 12:00:00 Mozart-Street canary: a line of a stranger", from: .camera, address: "192.168.1.77")
        // Something is wrong, so that the report quotes addresses; a bundle of a unit that is well says less.
        try await bench.run("ip link set camera down; sleep 3")
        let shown = try await bench.run(
            "picli diagnose --bundle /run/none.tar.gz --dry-run --timeout \(Patient.seconds)")
        #expect(shown.contains("logs.jsonl"))
        #expect(try await bench.status("test -e /run/none.tar.gz").status == 1)
        let written = try await bench.run(
            """
            picli diagnose --bundle /run/bundle.tar.gz --json --timeout \(Patient.seconds)
            stat -c %a /run/bundle.tar.gz >&2; mkdir /run/bundle; tar -xzf /run/bundle.tar.gz -C /run/bundle
            """)
        let opened = try await bench.run("picli bundle open /run/bundle.tar.gz --json")
        #expect(code(of: opened) != nil && code(of: opened) == code(of: written), "\(opened.prefix(200))")
        let present = try await bench.run("ls /run/bundle").split(separator: "\n").map(String.init)
        #expect(Set(sources).isSubset(of: present), "\(present)")
        let stations = try await bench.run(
            "cat /sys/class/net/lan/address; ip netns exec router cat /sys/class/net/eth0/address"
        ).split(separator: "\n").map(String.init)
        let machine = try await bench.run("cat /etc/machine-id")
        for name in present {
            let text = try await bench.run("cat /run/bundle/\(name)")
            #expect(!text.isEmpty, "\(name)")
            for word in words + stations + [machine] {
                #expect(text.range(of: word, options: .caseInsensitive) == nil, "\(word) in \(name)")
            }
        }
        // They were there to be taken out.
        let raw = try await bench.run(
            """
            journalctl -q --no-pager -o cat -b | grep -c canarypw77; picli logs export canary --format jsonl | grep -c eve@
            picli diagnose --json --timeout \(Patient.seconds) | grep -c '\(Network.Host.camera.address)' || true
            """)
        #expect(raw.split(separator: "\n").allSatisfy { $0 != "0" }, "\(raw)")
        try await closed(bench)
        try await bench.run(
            "systemctl stop picli-canary-2; ip link set camera up; ip -n camera addr del 192.168.1.77/32 dev eth0")
    }

    private static func code(of answer: String) -> String? {
        answer.firstMatch(of: /"code":"([^"]+)"/).map { String($0.1) }
    }

    /// Who may not read the secrets gets no bundle, and one that was changed is told.
    private static func closed(_ bench: Bench) async throws {
        let denied = try await bench.status(
            "cd /tmp && runuser -u nobody -- picli diagnose --bundle /tmp/b.tar.gz --json")
        #expect(denied.status == 1 && denied.error.contains("bundle.denied"), "\(denied)")
        #expect(try await bench.status("test -e /tmp/b.tar.gz").status == 1)
        let changed = try await bench.status(
            """
            cd /run/bundle; echo x >> report.json; tar -czf /run/changed.tar.gz manifest.json $(ls | grep -v manifest)
            picli bundle open /run/changed.tar.gz
            """)
        #expect(changed.status != 0 && changed.error.contains("report.json"), "\(changed)")
    }
}
