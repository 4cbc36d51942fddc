import Bench
import Foundation
import Site
import Testing

/// The owner of the lines against the kernel's own GPIO and I2C cores, and systemd: every line is looked at all the time.
@Suite("Relays", .bench)
struct RelayTests {
    @Test("each load has its declared state once the program is loaded, from the first moment of its line on")
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
            let load = try await relays.loadTime()
            #expect(last - began / 1e6 < 1 + 4 * load, "\(last - began / 1e6) s, of which \(load) s to load it")
            let info = try await bench.run("gpioinfo | grep picli-relays")
            #expect(info.split(separator: "\n").count == 4)
            #expect(info.contains("active-low") && info.contains(#""GPIO17""#), "\(info)")
        }
    }

    @Test("crashes, a hang, restarts, other site files and the end of picli serve move no line but those declared so")
    func endings() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            #expect(try await relays.command("strobe", #"{"do":"on"}"#).contains("accepted"))
            try await bench.lines.sample(RelayBench.lines)

            let killed = try #require(Double(try await bench.run("cut -d' ' -f1 /proc/uptime")))
            try await relays.kill()
            try await eventually("the fan is off") { try await relays.levels()["GPIO22"] == "0" }
            #expect(try await relays.moves() == ["GPIO22": ["0"]])
            let off = try #require(try await bench.lines.changes().times("GPIO22", "0").first)
            let load = try await relays.loadTime()
            #expect(off - killed < 2 + 4 * load, "\(off - killed) s, of which \(load) s to load it")

            // The watchdog of systemd ends what does nothing any more.
            try await bench.lines.clear()
            try await relays.kill("STOP")
            #expect(try await relays.moves().isEmpty)

            try await bench.run("systemctl start picli; systemctl kill -s KILL picli; rm -f /var/lib/picli/*.sqlite*")
            try await bench.run("systemctl restart picli-relays")
            try await bench.unit.configure(site: RelayBench.site.replacing("GPIO22", with: "GPIO24"))
            try await bench.run("systemctl reload picli-relays")
            try await eventually("the other line is taken") {
                let lines = try await bench.run("gpioinfo | grep picli-relays").split(separator: "\n")
                return lines.count == 4 && lines.contains { $0.contains(#""GPIO24""#) }
            }
            try await bench.unit.configure(site: "site: {")
            try await bench.run("systemctl reload picli-relays; sleep 0.5; systemctl restart picli-relays")
            #expect(await relays.says("siteProblem"))
            // The line that no relay has any more went back to its rest.
            let moves = try await relays.moves().filter { $0.key != "GPIO22" }
            #expect(moves.isEmpty, "\(moves)")
            #expect(try await bench.run("systemctl show -P NFileDescriptorStore picli-relays") == "4")
        }
    }

    @Test("pulses are as long as they are said to be")
    func pulses() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            try await bench.lines.trace()
            for _ in 0..<10 {
                try await relays.command("strobe", #"{"do":"pulse","seconds":0.3}"#)
                try await Task.sleep(for: .milliseconds(450))
            }
            let traced = try await bench.lines.traced()
            let ons = traced.filter { $0.level == 1 }.map(\.time)
            let lengths = zip(ons, traced.filter { $0.level == 0 }.map(\.time)).map { $1 - $0 }
            try #require(lengths.count == 10, "\(traced)")
            // By the kernel's own account, on an emulated processor that others want, too.
            let errors = lengths.map { abs($0 - 0.3) }.sorted()
            #expect(errors[5] < 0.05, "\(lengths)")
            #expect(errors[9] < 0.3, "\(lengths)")
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
            let levels = try await relays.moves()["chip"] ?? []
            #expect(levels.allSatisfy { ["0x0201", "0x0200", "0x0000"].contains($0) }, "\(levels)")

            try await chip.fault(.nack)
            let answer = try await relays.command("lamp", #"{"do":"off"}"#)
            #expect(answer.contains("refused") || answer.contains("failed"), "\(answer)")
            try await chip.powerCycle()
            try await chip.fault(.none)
            try await eventually("the camera is back") { try await chip.outputs() & 0x0200 != 0 }
            // A kill with the chip at work: taken over as it is.
            let settled = try await chip.outputs()
            let count = try await chip.changes()
            try await relays.kill()
            #expect(try await chip.outputs() == settled)
            #expect(try await chip.changes() == count)
            #expect(try await relays.moves().filter { $0.key != "chip" && $0.key != "GPIO22" }.isEmpty)
        }
    }

    @Test("a chip of the board that vanishes is asked for until it is back, with its lines as they should be by then")
    func chip() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.start()
            #expect(try await relays.command("strobe", #"{"do":"pulse","seconds":3}"#).contains("accepted"))
            #expect(try await relays.command("pump", #"{"do":"off"}"#).contains("accepted"))
            try await bench.lines.connect(false)
            try await eventually("it says so") { await relays.says(#""line":"failed""#) }
            #expect(try await relays.command("pump", #"{"do":"on"}"#).contains("relay.lineFailed"))
            // The pulse ends meanwhile.
            try await Task.sleep(for: .seconds(3))
            try await bench.lines.connect(true)
            let wanted = ["GPIO27": 0, "GPIO17": 1, "GPIO23": 0, "GPIO22": 1]
            for line in RelayBench.lines {
                try await eventually("GPIO\(line) is back") {
                    try await bench.lines.level(line) == wanted["GPIO\(line)"]
                }
            }
            try await eventually("it says so") { await !relays.says(#""line":"failed""#) }
            // What systemd holds are the lines of now.
            try await bench.lines.sample(RelayBench.lines)
            #expect(try await relays.command("pump", #"{"do":"on"}"#).contains("accepted"))
            try await relays.kill()
            #expect(try await relays.moves().filter { $0.key != "GPIO22" } == ["GPIO23": ["1"]])
            #expect(try await bench.run("systemctl show -P NFileDescriptorStore picli-relays") == "4")
        }
    }

    @Test("a card that hangs or is full delays nothing that is safe, nor the owner's next start, and gets the record")
    func card() async throws {
        try await Bench.resume { bench in
            let relays = RelayBench(bench: bench)
            try await relays.putRecordOnDisk()
            try await relays.start(
                site: RelayBench.site.replacing("GPIO23, boot: on", with: "GPIO23, boot: on, restore: 5s"))
            try await bench.lines.sample(RelayBench.lines)
            #expect(try await relays.command("pump", #"{"do":"off"}"#).contains("accepted"))
            #expect(try await relays.command("strobe", #"{"do":"pulse","seconds":2}"#).contains("accepted"))
            try await bench.disk.suspend()
            try await eventually("the pulse has ended") { try await relays.levels()["GPIO27"] == "0" }
            try await eventually("the pump is on again") { try await relays.levels()["GPIO23"] == "1" }
            // Not without its note; and the end of the process loses nothing, with the card as it is.
            #expect(try await relays.command("strobe", #"{"do":"on"}"#).contains("relay.notNoted"))
            try await relays.kill()
            try await bench.disk.resume()
            try await eventually("both are noted") {
                let changes = try await relays.record().compactMap(\.change).filter { $0.cause.kind != .person }
                return changes.contains { $0.relay == "strobe" && $0.to == .off }
                    && changes.contains { $0.relay == "pump" && $0.to == .on }
            }

            #expect(try await relays.command("strobe", #"{"do":"pulse","seconds":2}"#).contains("accepted"))
            try await bench.disk.fill()
            try await eventually("the pulse has ended") { try await relays.levels()["GPIO27"] == "0" }
            try await bench.disk.empty()
            let changes = try await bench.lines.changes()
            let lengths = zip(changes.times("GPIO27", "1"), changes.times("GPIO27", "0").dropFirst()).map { $1 - $0 }
            #expect(lengths.count == 2 && lengths.allSatisfy { abs($0 - 2) < 0.15 }, "\(lengths)")
            let off = try #require(changes.times("GPIO23", "0").last)
            let on = try #require(changes.times("GPIO23", "1").last)
            #expect(abs(on - off - 5) < 0.15, "\(on - off)")
            #expect(try await relays.moves().keys.sorted() == ["GPIO22", "GPIO23", "GPIO27"])
        }
    }
}
