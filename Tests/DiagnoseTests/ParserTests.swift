import Platform
import TestSupport
import Testing

@testable import Diagnose

@Suite("What the system says, read back")
struct ParserTests {
    @Test("the machine's own addresses, without loopback")
    func addresses() {
        let trie = """
            Main:
              +-- 0.0.0.0/0 3 0 5
                 |-- 0.0.0.0
                    /0 universe UNICAST
                 +-- 127.0.0.0/8 2 0 2
                       |-- 127.0.0.1
                          /32 host LOCAL
                    |-- 192.168.1.0
                       /24 link UNICAST
                    |-- 192.168.1.10
                       /32 host LOCAL
                    |-- 192.168.1.255
                       /32 link BROADCAST
            """
        #expect(InterfaceFacts.addresses(trie + "\n" + trie) == ["192.168.1.10"])
        #expect(InterfaceFacts.addresses("") == [])
        #expect(InterfaceFacts.addresses("/32 host LOCAL\n|--\n") == [])
    }

    @Test("the starts of the machine, as either release of systemd lists them")
    func starts() {
        let old = """
            -1 0f6fb5a2e3f14b1c9a0de5b0a5a4f3c1 Sun 2026-03-01 12:00:00 UTC\u{2014}Sun 2026-03-01 12:30:00 UTC
             0 1f6fb5a2e3f14b1c9a0de5b0a5a4f3c1 Sun 2026-03-01 13:00:00 UTC\u{2014}Sun 2026-03-01 13:30:00 UTC
            """
        #expect(StartFacts.starts(old) == [1_772_366_400_000, 1_772_370_000_000])
        let new = """
            IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY
              0 1f6fb5a2e3f14b1c9a0de5b0a5a4f3c1 Sun 2026-03-01 13:00:00 UTC Sun 2026-03-01 13:30:00 UTC
            """
        #expect(StartFacts.starts(new) == [1_772_370_000_000])
        #expect(StartFacts.starts("\n-- No entries --\n99 99:99\n") == [])
    }

    @Test("the way out of an interface")
    func gateway() {
        let table = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth1\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
            eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
            """
        #expect(InterfaceFacts.gateway(table, "eth0") == "192.168.1.1")
        #expect(InterfaceFacts.gateway(table, "eth2") == nil)
        #expect(InterfaceFacts.gateway("eth0 x", "eth0") == nil)
    }

    @Test("stations that are known for sure")
    func stations() {
        let table = """
            IP address       HW type     Flags       HW address            Mask     Device
            192.168.1.1      0x1         0x2         52:54:00:12:34:56     *        eth0
            192.168.1.3      0x1         0x0         00:00:00:00:00:00     *        eth0
            192.168.1.4
            """
        #expect(NeighbourFacts.stations(table) == ["192.168.1.1": "52:54:00:12:34:56"])
        #expect(NeighbourFacts.stations("") == [:])
    }

    @Test("what ping counts")
    func ping() {
        let text = """
            5 packets transmitted, 4 received, 20% packet loss, time 805ms
            rtt min/avg/max/mdev = 0.031/0.040/0.052/0.009 ms
            """
        #expect(Ping.answer(text) == .init(sent: 5, received: 4, latency: 0.04))
        #expect(
            Ping.answer("5 packets transmitted, 0 received, +3 errors, 100% packet loss")
                == .init(sent: 5, received: 0, latency: nil))
        #expect(Ping.answer("ping: unknown host") == nil)
    }

    @Test("units of systemd, without those that are not installed")
    func units() {
        let text = """
            Id=picli.service
            LoadState=loaded
            ActiveState=activating
            SubState=auto-restart
            NRestarts=7
            Result=watchdog
            ExecMainStatus=0

            Id=chrony.service
            LoadState=not-found
            ActiveState=inactive

            nonsense
            """
        #expect(
            ServiceFacts.units(text) == [
                .init("picli.service", state: "activating", detail: "auto-restart", restarts: 7, result: "watchdog")
            ])
    }

    @Test("ports that others can reach")
    func ports() {
        let tcp = """
              sl  local_address rem_address   st tx_queue
               0: 00000000:0016 00000000:0000 0A 00000000:00000000
               1: 0100007F:1F90 00000000:0000 0A 00000000:00000000
               2: 0A01A8C0:0016 0101A8C0:C000 01 00000000:00000000
               3: garbage
            """
        #expect(OpenPort.listening(tcp, isTCP: true) == [OpenPort(isTCP: true, port: 22)])
        let six = """
              sl  local_address
               0: 00000000000000000000000001000000:1F90 0:0 0A
               1: 00000000000000000000000000000000:01BB 0:0 0A
               2: 0000000000000000FFFF00000100007F:1F90 0:0 0A
            """
        #expect(OpenPort.listening(six, isTCP: true).map(\.name) == ["443/tcp"])
    }

    @Test("updates that close holes")
    func updates() {
        let text = """
            Inst openssl [3.0.11-1] (3.0.15-1 Debian-Security:12/stable-security [arm64])
            Inst vim [1] (2 Debian:12.9/stable [arm64])
            Conf openssl (3.0.15-1 Debian-Security:12/stable-security [arm64])
            Inst
            """
        #expect(UpdateFacts.security(text) == ["openssl"])
    }

    @Test("the mount that a path is on")
    func mounts() throws {
        let table = MountTable(
            mountinfo: """
                1 0 8:1 / / rw - ext4 /dev/a rw
                2 1 8:2 / /var rw - ext4 /dev/b rw
                3 1 8:3 / /var/lib/picli rw - ext4 /dev/c rw
                4 1 8:4 / /var/lib/picl rw - ext4 /dev/d rw
                """)
        #expect(table.mount(of: "/var/lib/picli")?.device == "8:3")
        #expect(table.mount(of: "/var/lib/picli/x")?.device == "8:3")
        #expect(table.mount(of: "/var/lib/other")?.device == "8:2")
        #expect(table.mount(of: "/etc")?.device == "8:1")
    }

    @Test(
        "the root of an image is read-only on purpose, and what it keeps lies on its partition 'data'",
        arguments: [
            ("ext4 /dev/mmcblk0p6 rw", [], false), ("ext4 /dev/mmcblk0p6 ro", ["/data"], false),
            ("tmpfs tmpfs rw", [], true),
        ] as [(String, [String], Bool)])
    func image(data: String, readOnly: [String], isVolatile: Bool) {
        let table = MountTable(
            mountinfo: """
                1 0 179:4 / / ro - ext4 /dev/mmcblk0p4 ro
                2 1 179:6 / /data rw - \(data)
                3 1 0:30 / /var rw - overlay overlay rw,lowerdir=/root/var,upperdir=/root/data/system/var
                """)
        let facts = DiskFacts(damages: [], messages: nil, mounts: table, state: "/var/lib/picli")
        #expect(facts.home == ["/data"])
        #expect(facts.readOnly == readOnly && facts.isVolatile == isVolatile)
    }

    @Test("a root that the kernel has made read-only is told")
    func plainRoot() {
        let table = MountTable(
            mountinfo: """
                1 0 8:1 / / rw - ext4 /dev/a ro
                2 1 8:2 / /data rw - ext4 /dev/b rw
                """)
        let facts = DiskFacts(damages: [], messages: nil, mounts: table, state: "/var/lib/picli")
        #expect(facts.home == ["/"] && facts.readOnly == ["/"] && !facts.isVolatile)
    }
}

@Suite("The book of stations")
struct StationBookTests {
    private let folder = TemporaryDirectory()

    private func book() throws -> StationBook { StationBook(in: try SystemRoot(folder.path), state: "") }

    private func seen(_ station: String, at address: String = "192.168.1.1") -> NeighbourFacts {
        NeighbourFacts(name: "n", address: address, station: station)
    }

    @Test("it remembers, also what was written before; a successor counts after a day, an exchange never")
    func story() throws {
        var book = try book()
        var changed = book.note([seen("aa"), seen("bb", at: "192.168.1.3")], now: 0)
        #expect(changed)
        changed = book.note([seen("aa")], now: 1)
        #expect(!changed)
        try book.write()
        book = try self.book()
        #expect(book.stations == ["192.168.1.1": "aa", "192.168.1.3": "bb"])
        let story = [(seen("bb"), 2), (seen("cc"), 3), (seen("cc"), 86_400_000)].map { book.note([$0.0], now: $0.1) }
        #expect(story == [false, true, false])
        #expect(book.stations["192.168.1.1"] == "aa")
        changed = book.note([seen("cc")], now: 86_400_003)
        #expect(changed)
        #expect(book.stations["192.168.1.1"] == "cc")
    }

    @Test("a file of any bytes is an empty book")
    func garbage() throws {
        folder.write("{\"schema\": 1, \"stations\": 5", to: "neighbours.json")
        #expect(try book().stations.isEmpty)
    }
}
