import Bench
import Foundation
import Site
import Testing

/// The owner of the lines against the kernel's own GPIO and I2C cores, and systemd: every line is looked at all the time.
@Suite("Relays", .bench)
struct RelayTests {
    @Test("each load has its declared state within a second, from the first moment of its line on")
    func start() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await bench.lines.sample(RelayBench.lines)
            try await relays.start()
            #expect(try await relays.levels() == RelayBench.bootLevels)
            // From the rest of the line to the declared state, and nothing between.
            #expect(try await relays.moves().allSatisfy { $0.value.count == 1 })
            let began = try #require(
                Double(try await bench.run("systemctl show -P ExecMainStartTimestampMonotonic picli-relays")))
            let last = try #require(try await bench.lines.changes().map(\.time).max())
            #expect(last - began / 1e6 < 1, "\(last - began / 1e6) s")
            let info = try await bench.run("gpioinfo | grep picli-relays")
            #expect(info.split(separator: "\n").count == 4)
            #expect(info.contains("active-low") && info.contains(#""GPIO17""#), "\(info)")
        }
    }

    @Test("a crash, a hang, a restart and another site file move no line but those declared for a crash")
    func endings() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            #expect(try await relays.command("strobe", #"{"do":"on"}"#).contains("accepted"))
            try await bench.lines.sample(RelayBench.lines)

            let killed = try #require(Double(try await bench.run("cut -d' ' -f1 /proc/uptime")))
            try await bench.run("kill -9 \(try await relays.process())")
            try await eventually("it is back") { try await relays.restarts() == 1 }
            try await eventually("the fan is off") { try await relays.levels()["GPIO22"] == "0" }
            #expect(try await relays.moves() == ["GPIO22": ["0"]])
            let off = try #require(try await bench.lines.changes().times("GPIO22", "0").first)
            #expect(off - killed < 3, "\(off - killed) s")

            try await bench.lines.clear()
            try await bench.run("kill -STOP \(try await relays.process())")
            try await eventually("the watchdog has ended it", within: .seconds(20)) {
                try await relays.restarts() == 2
            }
            try await eventually("it answers") { try await relays.call(#"{"id":1,"call":"overview"}"#).contains("crash") }
            #expect(try await relays.moves().isEmpty, "\(try await relays.moves())")

            try await bench.run("systemctl restart picli-relays")
            try await bench.unit.configure(site: RelayBench.site.replacing("GPIO22", with: "GPIO24"))
            try await bench.run("systemctl reload picli-relays")
            try await eventually("the other line is taken") {
                try await bench.run("gpioinfo | grep -c picli-relays") == "4"
                    && bench.run("gpioinfo | grep picli-relays").contains(#""GPIO24""#)
            }
            try await bench.unit.configure(site: "site: {")
            try await bench.run("systemctl reload picli-relays; sleep 0.5; systemctl restart picli-relays")
            #expect(try await relays.call(#"{"id":1,"call":"overview"}"#).contains("siteProblem"))
            // The line that no relay has any more went back to its rest.
            #expect(try await relays.moves().filter { $0.key != "GPIO22" }.isEmpty, "\(try await relays.moves())")
            #expect(try await bench.run("systemctl show -P NFileDescriptorStore picli-relays") == "4")
        }
    }

    @Test("pulses are as long as they are said to be")
    func pulses() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            try await bench.lines.sample(RelayBench.lines)
            for _ in 0..<6 {
                try await relays.command("strobe", #"{"do":"pulse","seconds":0.3}"#)
                try await Task.sleep(for: .milliseconds(500))
            }
            let changes = try await bench.lines.changes()
            let lengths = zip(changes.times("GPIO27", "1"), changes.times("GPIO27", "0").dropFirst()).map { $1 - $0 }
            try #require(lengths.count == 6, "\(changes)")
            // Under emulation now and then one waits for the processor.
            let errors = lengths.map { abs($0 - 0.3) }.sorted()
            #expect(errors[3] < 0.005, "\(lengths)")
            #expect(errors[5] < 0.05, "\(lengths)")
        }
    }

    @Test("an expander that vanishes or loses its supply gets its lines back, and no other relay is disturbed")
    func expander() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            let chip = try await bench.i2c.plug(SimulatedMCP23017.self, at: 0x20)
            try await relays.start(site: RelayBench.expanderSite)
            try await eventually("the camera is on") { try await chip.outputs() == 0x0200 }
            try await bench.lines.sample(RelayBench.lines, files: ["chip": "\(chip.path)/outputs"])
            let before = try await chip.changes()
            for command in ["on", "off", "on"] {
                #expect(try await relays.command("lamp", #"{"do":"\#(command)"}"#).contains("accepted"))
            }
            // Three changes of one line, none of the other.
            #expect(try await chip.changes() == before + 3)
            #expect(try await relays.moves()["chip"] == ["0x0201", "0x0200", "0x0201"])

            try await chip.powerCycle()
            try await eventually("its lines are back") { try await chip.outputs() == 0x0201 }
            #expect(try await relays.moves()["chip"]?.allSatisfy { ["0x0201", "0x0200", "0x0000"].contains($0) } == true)

            try await chip.fault(.nack)
            let answer = try await relays.command("lamp", #"{"do":"off"}"#)
            #expect(answer.contains("refused") || answer.contains("failed"), "\(answer)")
            try await chip.powerCycle()
            try await chip.fault(.none)
            try await eventually("the camera is back") { try await chip.outputs() & 0x0200 != 0 }
            // A kill with the chip at work: taken over as it is.
            let settled = try await chip.outputs()
            let count = try await chip.changes()
            try await bench.run("kill -9 \(try await relays.process())")
            try await eventually("it is back") { try await relays.restarts() == 1 }
            try await eventually("it answers") { try await relays.call(#"{"id":1,"call":"overview"}"#).contains("crash") }
            #expect(try await chip.outputs() == settled)
            #expect(try await chip.changes() == count)
            #expect(try await relays.moves().filter { $0.key != "chip" && $0.key != "GPIO22" }.isEmpty)
        }
    }

    @Test("a card that hangs or is full delays no pulse's end, and gets the record when it is back")
    func card() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.putRecordOnDisk()
            try await relays.start()
            try await bench.lines.sample(RelayBench.lines)
            try await relays.command("strobe", #"{"do":"pulse","seconds":2}"#)
            try await bench.disk.suspend()
            try await eventually("the pulse has ended") { try await relays.levels()["GPIO27"] == "0" }
            // Not without its note; and the end of the process loses nothing, with the card as it is.
            #expect(try await relays.command("pump", #"{"do":"off"}"#).contains("relay.notNoted"))
            try await bench.run("kill -9 \(try await relays.process())")
            try await eventually("it is back") { try await relays.restarts() == 1 }
            try await eventually("it answers") { try await relays.call(#"{"id":1,"call":"overview"}"#).contains("crash") }
            try await bench.disk.resume()
            try await eventually("the end is noted") {
                try await relays.record().contains { $0.relay == "strobe" && $0.cause.kind == .timer }
            }

            try await relays.command("strobe", #"{"do":"pulse","seconds":2}"#)
            try await bench.disk.fill()
            try await eventually("the pulse has ended") { try await relays.levels()["GPIO27"] == "0" }
            try await bench.disk.empty()
            let changes = try await bench.lines.changes()
            let lengths = zip(changes.times("GPIO27", "1"), changes.times("GPIO27", "0").dropFirst()).map { $1 - $0 }
            #expect(lengths.count == 2 && lengths.allSatisfy { abs($0 - 2) < 0.05 }, "\(lengths)")
            #expect(try await relays.moves().keys.sorted() == ["GPIO22", "GPIO27"])
        }
    }

    @Test("killed at random while it switches: each level of a line is one that was decided and noted")
    func kills() async throws {
        let rounds = Int(ProcessInfo.processInfo.environment["PICLI_BENCH_KILLS"] ?? "") ?? 10
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            try await bench.lines.sample(RelayBench.lines)
            for _ in 0..<rounds {
                try await bench.run(Self.switching(for: Double.random(in: 0.05...0.6)))
                try await eventually("it answers") { try await relays.call(#"{"id":1,"call":"overview"}"#).contains("crash") }
            }
            // What was not yet on the card comes a moment later.
            try await Task.sleep(for: .seconds(2))
            let record = try await relays.record()
            let ids = ["GPIO27": "strobe", "GPIO17": "router", "GPIO23": "pump", "GPIO22": "fan"]
            var first: Set<String> = []
            var unexplained: [Lines.Change] = []
            for change in try await bench.lines.changes() where !first.insert(change.name).inserted {
                let state = RelayState(level: change.value, of: change.name)
                let decided = record.filter {
                    $0.relay == ids[change.name] && Double($0.time.monotonic) / 1000 <= change.time + 0.005
                }
                let near = decided.filter { $0.to == state && change.time - Double($0.time.monotonic) / 1000 < 4 }
                if near.isEmpty { unexplained.append(change) }
            }
            #expect(unexplained.isEmpty, "\(unexplained)")
            #expect(record.count > rounds * 2)
            #expect(try await relays.restarts() == rounds)
        }
    }

    /// Switches three relays as quickly as it goes, and kills the owner after a while.
    private static func switching(for seconds: Double) -> String {
        let program = """
            import json,os,socket,time,sys
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
                    s.sendall(json.dumps(m).encode()+b"\\n")
                    s.recv(65536)
                    s.close()
                except OSError:
                    pass
            os.kill(pid,9)
            """
        return "python3 -c '\(program)' \(seconds) $(systemctl show -P MainPID picli-relays)"
    }
}

extension RelayState {
    /// What a level means for the load, by the bench's site file.
    fileprivate init(level: String, of line: String) {
        // The router hangs on the contact that is closed without current, and its coil on the low level.
        self = level == "1" ? .on : .off
    }
}
