import Platform
import TestSupport
import Testing

@Suite("Clocks")
struct ClockTests {
    @Test("time since boot only goes on, and the wall is in this century")
    func clocks() {
        let first = KernelClock.sinceBoot()
        #expect(first > 0)
        #expect(KernelClock.sinceBoot() >= first)
        #expect(KernelClock.wall() > 1_700_000_000_000)
    }

    @Test("the boot ID is a UUID and stays the same within a boot")
    func bootID() throws {
        let id = try KernelClock.bootID()
        #expect(id.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(try KernelClock.bootID() == id)
    }

    @Test("the facts of a machine without time service and battery say nothing for the clock")
    func nothing() {
        let facts = ClockFacts.now(root: TemporaryDirectory().path)
        #expect(facts.timesyncdMark == nil)
        #expect(!facts.isSetFromRTC)
        #expect(abs(facts.wall - KernelClock.wall()) < 60_000)
    }

    @Test("systemd-timesyncd's mark is seen")
    func timesyncd() throws {
        let root = TemporaryDirectory()
        root.write("", to: "run/systemd/timesync/synchronized")
        let mark = try #require(ClockFacts.now(root: root.path).timesyncdMark)
        #expect(abs(mark / 1_000_000 - KernelClock.wall()) < 60_000)
    }

    @Test(
        "a battery-backed clock counts when the kernel took its time at start",
        arguments: [("1\n", true), ("0\n", false)])
    func realTimeClock(hctosys: String, expected: Bool) {
        let root = TemporaryDirectory()
        root.write("0\n", to: "sys/class/rtc/rtc0/hctosys")
        root.write(hctosys, to: "sys/class/rtc/rtc1/hctosys")
        #expect(ClockFacts.now(root: root.path).isSetFromRTC == expected)
    }
}
