import Bench
import Foundation
import Site
import Testing

/// The owner of the lines, killed at moments that nobody has chosen.
@Suite("Relays and kills", .bench)
struct RelayKillTests {
    @Test("killed at random while it switches: each level of a line was decided and noted, or is told of")
    func kills() async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["PICLI_BENCH_KILLS"] ?? "") ?? 5
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            try await bench.lines.sample(RelayBench.lines)
            for round in 1...rounds {
                try await bench.run(Self.switching(for: Double.random(in: 0.2...2.5)))
                try await eventually("it is started again") { try await relays.restarts() == round }
                try await eventually("it answers") { await relays.says(#""start":"crash""#) }
            }
            // What was not yet on the card comes a moment later.
            try await Task.sleep(for: .seconds(2))
            let record = try await relays.record()
            let ids = ["GPIO27": "strobe", "GPIO17": "router", "GPIO23": "pump", "GPIO22": "fan"]
            var first: Set<String> = []
            var unexplained: [Lines.Change] = []
            for change in try await bench.lines.changes() where !first.insert(change.name).inserted {
                // The router's coil rests while its load is on, and its low level is the active one.
                let state: RelayState = change.value == "1" ? .on : .off
                let isNoted = record.compactMap(\.change).contains {
                    let since = change.time - Double($0.time.monotonic) / 1000
                    return $0.relay == ids[change.name] && $0.to == state && (-0.005...4).contains(since)
                }
                let isTold = record.contains {
                    guard let event = $0.event, let time = $0.time else { return false }
                    return event.code.rawValue == "relay.interrupted" && event.subject == ids[change.name]
                        && event.values["state"] == .text(state.rawValue)
                        && (0...10).contains(Double(time.monotonic) / 1000 - change.time)
                }
                if !isNoted && !isTold { unexplained.append(change) }
            }
            #expect(unexplained.isEmpty, "\(unexplained)")
            let changes = record.compactMap(\.change)
            #expect(changes.count > rounds)
            // No number is given twice.
            #expect(Set(changes.map(\.number)).count == Set(changes).count)
        }
    }

    /// Switches three relays as quickly as it goes, and kills the owner after a while.
    private static func switching(for seconds: Double) -> String {
        let program = """
            import os,socket,time,sys
            end=time.monotonic()+float(sys.argv[1])
            pid=int(sys.argv[2])
            n=0
            while time.monotonic()<end:
                try:
                    s=socket.socket(socket.AF_UNIX)
                    s.settimeout(max(0.01,end-time.monotonic()))
                    s.connect("/run/picli-relays/relays.sock")
                    c={"do":"toggle"} if n%3 else {"do":"pulse","seconds":0.1}
                    r=["strobe","router","pump"][n%3]
                    n+=1
                    m={"id":n,"call":"command","request":{"relay":r,"command":c,"cause":{"kind":"person","who":"anna","origin":"bench"}}}
                    s.sendall(str(m).replace(chr(39),chr(34)).encode()+b"\\n")
                    s.recv(65536)
                    s.close()
                except OSError:
                    pass
            os.kill(pid,9)
            """
        return "python3 -c '\(program)' \(seconds) $(systemctl show -P MainPID picli-relays)"
    }
}
