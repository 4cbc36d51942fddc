import Glibc
import Hardware
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Relays

@Suite("The site file of the owner of the lines")
struct OwnerSiteTests {
    private let bench = OwnerBench()
    private let cause = RelayCause(.person, who: "anna", origin: "192.0.2.7")

    @Test("another site file touches no line that it does not change")
    func reload() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        _ = await owner.command(RelayRequest(relay: "strobe", .on, cause: cause))
        try bench.write(OwnerBench.site.replacing("GPIO22, boot: on", with: "GPIO23, boot: on"))
        try await owner.reload()
        #expect(bench.lines.outputs["GPIO27"] == true)
        #expect(bench.lines.outputs["GPIO17"] == false)
        #expect(bench.lines.outputs["GPIO23"] == true)
        try bench.write("relays: 3")
        let failure = await #expect(throws: Failure.self) { try await owner.reload() }
        #expect(failure?.code == "relay.siteRefused")
        #expect(await owner.overview().relays.count == 4)
        await owner.stop()
    }

    @Test("a reload while an expander is being written waits for that, and switches nothing back")
    func reloadWhileWriting() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        try await until { try await bench.expander() == 0x0200 }
        let bus = bench.buses.i2c(1)
        // Not a wait for something: this is the transfer of another chip that the write has to wait behind.
        async let busy: Void = bus.run(within: .seconds(5)) { _ in usleep(500_000) }
        try await Task.sleep(for: .milliseconds(100))
        async let answer = owner.command(RelayRequest(relay: "camera", .off, cause: cause))
        try await Task.sleep(for: .milliseconds(100))
        try bench.write(OwnerBench.site.replacing("GPIO22, boot: on", with: "GPIO23, boot: on"))
        try await owner.reload()
        try await busy
        guard case .accepted(let done) = await answer else {
            Issue.record("not accepted")
            return
        }
        #expect(done.state == .off)
        #expect(await owner.overview().relays.last?.state == .off)
        #expect(try await bench.expander() == 0)
        await owner.stop()
    }

    @Test("a reload goes by what a line was told, not by what it reads")
    func reloadOfLiar() async throws {
        try bench.write(OwnerBench.site)
        let lines = FailingLines(bench.lines)
        let owner = try bench.owner(lines: lines)
        await owner.start()
        _ = await owner.command(RelayRequest(relay: "strobe", .on, cause: cause))
        lines.lies.withLock { $0 = true }
        try bench.write(OwnerBench.site.replacing("GPIO22, boot: on", with: "GPIO23, boot: on"))
        try await owner.reload()
        #expect(await owner.overview().relays.first?.state == .on)
        #expect(bench.lines.outputs["GPIO27"] == true)
        await owner.stop()
    }

    @Test("a site file that is gone at a reload is taken when it is back, once")
    func lateReload() async throws {
        try bench.write(OwnerBench.site)
        let owner = try bench.owner()
        await owner.start()
        unlink("\(bench.folder.path)/site.yaml")
        await #expect(throws: Failure.self) { try await owner.reload() }
        let updates = await owner.updates()
        try bench.write(OwnerBench.site.replacing("GPIO22, boot: on", with: "GPIO23, boot: on"))
        try await until { bench.lines.outputs["GPIO23"] == true }
        #expect(await owner.overview().siteProblem == nil)
        // The same one again is nothing new.
        try await owner.reload()
        await owner.stop()
        var reloads = 0
        for try await update in updates where update == .reloaded { reloads += 1 }
        #expect(reloads == 1)
    }

    @Test("a site file that comes late after the machine started is that of the start")
    func lateAtBoot() async throws {
        try bench.write(OwnerBench.site)
        let first = try bench.owner()
        await first.start()
        _ = await first.command(RelayRequest(relay: "strobe", .on, cause: cause))
        await first.stop()
        for name in ["site.yaml", "run/site.yaml", "state/site.yaml"] { unlink("\(bench.folder.path)/\(name)") }
        let next = try bench.owner(boot: "b")
        await next.start()
        #expect(await next.overview().relays.isEmpty)
        try bench.write(OwnerBench.site)
        try await until { await next.overview().relays.count == 4 }
        #expect(bench.lines.outputs["GPIO27"] == false, "boot: off, whatever was before")
        await next.stop()
    }

    @Test("a zone that the card does not give any more is known to the next process")
    func keptZone() async throws {
        try bench.write(
            """
            site: { name: Bench, timezone: America/Denver }
            relays: [ { id: sign, line: GPIO27, schedule: ["08:00..20:00: on"] } ]
            """)
        let first = try bench.owner()
        await first.start()
        await first.stop()
        let next = try bench.owner(zoneFile: { _ in nil })
        await next.start()
        #expect(await next.overview().zoneProblem == nil)
        await next.stop()
    }

    @Test("no schedule acts before its zone is known; that is said, and tried again")
    func lateZone() async throws {
        try bench.write(
            """
            site: { name: Bench, timezone: America/Denver }
            relays: [ { id: sign, line: GPIO27, schedule: ["08:00..20:00: on"] } ]
            """)
        let isThere = Mutex(false)
        // 2026-05-28T16:00:00Z: ten in the morning there.
        let time = OwnerTime(wall: { 1_779_984_000_000 }, sinceBoot: KernelClock.sinceBoot, isTrusted: { true })
        let owner = try bench.owner(
            time: time, zoneFile: { name in isThere.withLock { $0 } ? ZoneFile.bytes(of: name) : nil })
        await owner.start()
        #expect(bench.events.codes.contains("relay.zone_unknown"))
        #expect(await owner.overview().zoneProblem?.contains("America/Denver") == true)
        #expect(await owner.overview().siteProblem == nil)
        #expect(bench.lines.outputs["GPIO27"] == false)
        isThere.withLock { $0 = true }
        try await until { await owner.overview().zoneProblem == nil }
        try await until { bench.lines.outputs["GPIO27"] == true }
        #expect(bench.events.codes.count { $0 == "relay.zone_unknown" } == 1)
        await owner.stop()
    }

    @Test("a site file that comes later is taken without being told")
    func lateSiteFile() async throws {
        let owner = try bench.owner()
        await owner.start()
        #expect(await owner.overview().siteProblem != nil)
        try bench.write(OwnerBench.site)
        try await until { await owner.overview().relays.count == 4 }
        #expect(await owner.overview().siteProblem == nil)
        #expect(bench.lines.outputs["GPIO22"] == true)
        await owner.stop()
    }

    @Test("a site file that is broken or gone drops nothing: the last good one holds on", arguments: [true, false])
    func siteFile(isGone: Bool) async throws {
        try bench.write(OwnerBench.site)
        let first = try bench.owner()
        await first.start()
        try await until { FileKind(of: "\(bench.folder.path)/state/site.yaml") != nil }
        await first.stop()
        if isGone { unlink("\(bench.folder.path)/site.yaml") } else { try bench.write("site: {\nrelays: [") }
        let next = try bench.owner()
        await next.start()
        #expect(await next.overview().relays.count == 4)
        #expect(await next.overview().siteProblem != nil)
        #expect(bench.events.codes.contains("relay.site_refused"))
        await next.stop()
    }
}
