import Bench
import Foundation
import Testing

/// Words that must not leave a unit, in every source of a bundle that a real machine has.
enum Canaries {
    private static let words = [
        "correct-horse", "canarypw77", "eve@mail.example", "52:54:00:ca:ca:01", Network.unit,
        Network.Host.camera.address,
    ]

    /// Plants them, has a bundle written, and looks for them in all of its files.
    static func areKept(by patient: Patient) async throws {
        let bench = patient.bench
        try await bench.run(
            """
            echo '<4>canary: psk=canarypw77 52:54:00:ca:ca:01' > /dev/kmsg
            systemd-run -q --wait --unit=picli-canary --description='canary correct-horse' \
              echo 'eve@mail.example has the password canarypw77, and correct-horse too; password=canarypw77' || true
            ip netns exec camera python3 -c 'import socket
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
              b"<134>canary: correct-horse from eve@mail.example with psk=canarypw77", ("\(Network.unit)", 514))'
            sleep 5; picli diagnose --bundle /run/bundle.tar.gz --json > /run/bundle.json
            mkdir /run/bundle; tar -xzf /run/bundle.tar.gz -C /run/bundle
            """)
        let opened = try await bench.run("picli bundle open /run/bundle.tar.gz --json")
        #expect(opened.contains("\"code\""))
        for name in try await bench.run("ls /run/bundle").split(separator: "\n") {
            let text = try await bench.run("cat /run/bundle/\(name)")
            for word in words {
                #expect(text.range(of: word, options: .caseInsensitive) == nil, "\(word) in \(name)")
            }
        }
        let planted = [
            "service.log", "kernel.log", "logs.jsonl", "network.txt", "services.txt", "site.yaml", "report.json",
        ]
        let present = try await bench.run("ls /run/bundle").split(separator: "\n").map(String.init)
        #expect(Set(planted).isSubset(of: present), "\(present)")
    }
}
