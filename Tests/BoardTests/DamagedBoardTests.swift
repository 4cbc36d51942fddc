import Glibc
import Hardware
import Platform
import Synchronization
import TestSupport
import Testing

@Suite("Boards with damage")
struct DamagedBoardTests {
    private let root = TemporaryDirectory()

    private func figures() async throws -> [BoardFigure] {
        try await Board(root: root.path, firmware: NoFirmware(), space: .scripted).figures()
    }

    @Test("a board that tells nothing at all gives nothing, and no error")
    func nothing() async throws {
        #expect(try await figures().isEmpty)
        #expect(BoardIdentity(root: root.path).model == nil)
    }

    @Test(
        "a file with garbage is a fault that quotes it",
        arguments: [
            ("proc/loadavg", "lots", .load1m, nil), ("proc/loadavg", "nan 0 0", .load1m, nil),
            ("proc/meminfo", "MemTotal: many kB", .memoryTotal, nil),
            ("proc/meminfo", "MemTotal: 99999999999999999 kB", .memoryTotal, nil),
            ("proc/uptime", "", .uptime, nil), ("proc/uptime", "-1 2", .uptime, nil),
            ("proc/stat", "cpu  1 2", .cpuUsage, nil), ("proc/stat", "cpu  1 2 three 4 5", .cpuUsage, nil),
            ("proc/stat", "cpu  1 2 3 18446744073709551615 5", .cpuUsage, nil),
            ("sys/class/net/eth0/statistics/rx_bytes", "-1", .networkReceived, "eth0"),
            ("sys/class/net/eth0/statistics/rx_bytes", "", .networkReceived, "eth0"),
        ] as [(String, String, BoardFigure.Quantity, String?)])
    func garbage(file: String, text: String, quantity: BoardFigure.Quantity, instance: String?) async throws {
        root.write(text, to: file)
        let fault = try #require(try await figures().fault(quantity, instance))
        #expect(fault.kind == .garbage)
        #expect(fault.description.contains("/\(file)"))
    }

    @Test(
        "a temperature that no running board can have is a fault", arguments: ["-273150", "2147483647", "85.0", "hot"])
    func temperature(text: String) async throws {
        root.write("cpu-thermal\n", to: "sys/class/thermal/thermal_zone0/type")
        root.write(text, to: "sys/class/thermal/thermal_zone0/temp")
        #expect(try await figures().fault(.temperature)?.kind == .garbage)
    }

    @Test("a thermal zone of something else is not the processor's")
    func otherZone() async throws {
        root.write("battery\n", to: "sys/class/thermal/thermal_zone0/type")
        root.write("25000\n", to: "sys/class/thermal/thermal_zone0/temp")
        #expect(try await figures().isEmpty)
    }

    @Test(
        "the wear of a card by its own count, the worse of both kinds of cells",
        arguments: [
            ("0x01 0x01", 10, nil), ("0x02 0x01", 20, nil), ("0x03 0x0a", 100, nil), ("0x0b 0x01", 100, nil),
            ("0x00 0x00", nil, nil), ("0x0c 0x01", nil, .garbage), ("0x01", nil, .garbage), ("1 1", nil, .garbage),
        ] as [(String, Double?, BoardFault.Kind?)])
    func wear(text: String, expected: Double?, fault: BoardFault.Kind?) async throws {
        root.write(text + "\n", to: "sys/block/mmcblk0/device/life_time")
        root.write("0x02\n", to: "sys/block/mmcblk0/device/pre_eol_info")
        let figures = try await figures()
        #expect(figures.value(.cardLifeUsed, "mmcblk0") == expected)
        #expect(figures.fault(.cardLifeUsed, "mmcblk0")?.kind == fault)
        #expect(figures.value(.cardReserve, "mmcblk0") == 2)
    }

    @Test("processor usage is the share since the last look; steal counts as busy, waiting for the disk does not")
    func usage() async throws {
        root.write("cpu  100 0 100 800 0 0 0 0 0 0\n", to: "proc/stat")
        let board = Board(root: root.path, firmware: NoFirmware(), space: .scripted)
        root.write("cpu  110 5 110 850 15 2 3 5 9 9\n", to: "proc/stat")
        #expect(try await board.figures().value(.cpuUsage) == 35)
        #expect(try await board.figures().value(.cpuUsage) == 35, "no tick since: the answer stands")
        root.write("cpu  110 5 110 950 15 2 3 5 9 9\n", to: "proc/stat")
        #expect(try await board.figures().value(.cpuUsage) == 0)
        root.write("cpu  110 5 110 950 10 2 3 5 9 9\n", to: "proc/stat")
        #expect(try await board.figures().fault(.cpuUsage)?.kind == .garbage, "a counter that goes back says nothing")
        root.write("cpu  120 5 110 960 10 2 3 5 9 9\n", to: "proc/stat")
        #expect(try await board.figures().value(.cpuUsage) == 50)
    }

    @Test("the usage of a graphics processor is that of its busiest queue since the last look")
    func graphics() async throws {
        func write(_ clock: Int, _ bin: Int, _ render: Int) {
            root.write(
                "queue\ttimestamp\tjobs\truntime\nbin\t\(clock)\t1\t\(bin)\nrender\t\(clock)\t1\t\(render)\n",
                to: "sys/class/drm/card0/device/gpu_stats")
        }
        let board = Board(root: root.path, firmware: NoFirmware(), space: .scripted)
        write(1000, 100, 100)
        #expect(try await board.figures().outcome(.gpuUsage, "card0") == nil)
        write(2000, 200, 350)
        #expect(try await board.figures().value(.gpuUsage, "card0") == 25)
    }

    @Test("an AMD graphics card tells usage, memory and temperature")
    func amd() async throws {
        let device = "sys/class/drm/card1/device"
        root.write("37\n", to: "\(device)/gpu_busy_percent")
        root.write("123456789\n", to: "\(device)/mem_info_vram_used")
        root.write("amdgpu\n", to: "\(device)/hwmon/hwmon4/name")
        root.write("55000\n", to: "\(device)/hwmon/hwmon4/temp1_input")
        let figures = try await figures()
        #expect(figures.value(.gpuUsage, "card1") == 37)
        #expect(figures.value(.gpuMemoryUsed, "card1") == 123_456_789)
        #expect(figures.value(.gpuTemperature, "card1") == 55)
    }

    @Test("a file that may not be read is a fault with the reason", .enabled(if: geteuid() != 0))
    func permission() async throws {
        root.write("1 2 3\n", to: "proc/loadavg")
        chmod("\(root.path)/proc/loadavg", 0)
        #expect(try await figures().fault(.load1m)?.kind == .unreadable)
    }

    @Test("a file that cannot be read is a fault with the reason")
    func unreadable() async throws {
        root.write("", to: "proc/loadavg/file")
        let fault = try #require(try await figures().fault(.load1m))
        #expect(fault.kind == .unreadable)
        #expect(fault.description == "/proc/loadavg cannot be read: Is a directory")
    }

    @Test("a mount that hangs is its own fault, and everything else is told in time")
    func hungMount() async throws {
        root.write("0.1 0.2 0.3 1/1 1\n", to: "proc/loadavg")
        root.write(
            """
            26 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw
            41 26 8:1 / /srv/camera rw - ext4 /dev/sda1 rw
            42 26 8:17 / /srv/other rw - ext4 /dev/sdb1 rw
            """, to: "proc/self/mountinfo")
        let isReleased = Mutex(false)
        defer { isReleased.withLock { $0 = true } }
        let space = FileSystemSpaceReader(limit: .milliseconds(50)) { path in
            while path == "/srv/camera", !(isReleased.withLock { $0 }) { usleep(1000) }
            return FileSystemSpace(size: 100, available: 40)
        }
        let board = Board(root: root.path, firmware: NoFirmware(), space: space)
        let figures = try await board.figures()
        #expect(figures.fault(.filesystemFree, "/srv/camera")?.kind == .hung)
        #expect(figures.value(.filesystemReadOnly, "/srv/camera") == 0)
        #expect(figures.value(.filesystemFree, "/") == 40)
        #expect(figures.value(.filesystemFree, "/srv/other") == 40)
        #expect(figures.value(.load1m) == 0.1)
    }
}
