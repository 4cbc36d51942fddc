import Glibc
import NIOCore
import NIOPosix
import Platform
import ServiceLifecycle
import Site
import Synchronization
import TestSupport
import Testing

@testable import Appliance

@Suite("The port of Modbus/TCP", .timeLimit(.minutes(1)))
struct ModbusServiceTests {
    private static let readCoil: [UInt8] = [1, 0, 1, 0, 1]

    /// A port that is served while the body runs.
    private func served(
        _ limits: ModbusLimits = .init(), allow: String = "127.0.0.1/32",
        _ body: (CompatibilityStage, Int) async throws -> Void
    ) async throws {
        let stage = try await CompatibilityStage(CompatibilityStage.siteText.replacing("127.0.0.1/32", with: allow))
        let port = Int(try LoopbackPort.free())
        let service = ModbusService(
            stage.configuration, of: stage.site,
            listener: try ModbusListener(port: port, isLoopback: true, limits: limits), relays: stage.relays,
            registers: nil, latest: { try stage.latest() }, now: { RelayDeskTests.time(0) },
            logger: RelayDeskTests.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await body(stage, port)
            group.cancelAll()
            // Ends with all its clients still connected.
            try await group.waitForAll()
        }
    }

    private func connect<Value: Sendable>(
        _ port: Int, from source: String = "127.0.0.1", _ body: (RawPeer) async throws -> Value
    ) async throws -> Value {
        let initialise: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: NIOCore.SocketAddress(ipAddress: source, port: 0))
            .connect(host: "127.0.0.1", port: port, channelInitializer: initialise)
        return try await RawPeer.over(channel, body)
    }

    /// So many bytes; fewer when the other side closes.
    private func bytes(_ count: Int, from peer: RawPeer) async -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let part = await peer.next() { bytes += part.readableBytesView }
        return bytes
    }

    @Test(
        "an answer has the transaction and the unit of its request, whichever unit that is",
        arguments: [UInt8(0), 1, 247, 255])
    func units(unit: UInt8) async throws {
        try await served { stage, port in
            try await connect(port) { peer in
                try await peer.send(CompatibilityStage.frame([5, 0, 1, 0xFF, 0], unit: unit, transaction: 9))
                #expect(await bytes(12, from: peer) == [0, 9, 0, 0, 0, 6, unit, 5, 0, 1, 0xFF, 0])
                try await peer.send(CompatibilityStage.frame(Self.readCoil, unit: unit, transaction: 10))
                #expect(await bytes(10, from: peer) == [0, 10, 0, 0, 0, 4, unit, 1, 1, 1])
            }
            #expect(stage.owner.requests.count == 1)
        }
    }

    @Test("each function, byte by byte")
    func functions() async throws {
        try await served { _, port in
            try await connect(port) { peer in
                for (request, answer) in [
                    ([2, 0, 4, 0, 4], [0, 4, 255, 2, 1, 1]),
                    ([3, 0, 18, 0, 2], [0, 7, 255, 3, 4, 0x41, 0xDC, 0xCC, 0xCD]),
                    ([15, 0, 1, 0, 2, 1, 3], [0, 6, 255, 15, 0, 1, 0, 2]), ([1, 0, 0, 0, 4], [0, 4, 255, 1, 1, 6]),
                    ([16, 2, 2, 0, 2, 4, 0x41, 0x20, 0, 0], [0, 6, 255, 16, 2, 2, 0, 2]),
                    ([6, 0, 0, 0, 1], [0, 3, 255, 0x86, 1]), ([1, 0, 0, 0, 5], [0, 3, 255, 0x81, 2]),
                    ([5, 0, 1, 1, 2], [0, 3, 255, 0x85, 3]), ([3, 0, 18, 0, 126], [0, 3, 255, 0x83, 3]),
                ] as [([UInt8], [UInt8])] {
                    try await peer.send(CompatibilityStage.frame(request))
                    #expect(await bytes(4 + answer.count, from: peer) == [0, 1, 0, 0] + answer, "\(request)")
                }
            }
        }
    }

    @Test("frames that come together are answered in their order, also behind one that nobody understands")
    func together() async throws {
        try await served { _, port in
            try await connect(port) { peer in
                let unknown = CompatibilityStage.frame([0x2B, 0x0E, 1, 0, 7, 7, 7, 7, 7, 7, 7, 7], transaction: 1)
                try await peer.send(
                    unknown + CompatibilityStage.frame(Self.readCoil, transaction: 2)
                        + CompatibilityStage.frame([5, 0, 1, 0xFF, 0, 0, 0], transaction: 3)
                        + CompatibilityStage.frame(Self.readCoil, transaction: 4))
                #expect(
                    await bytes(38, from: peer) == [
                        0, 1, 0, 0, 0, 3, 255, 0xAB, 1, 0, 2, 0, 0, 0, 4, 255, 1, 1, 0, 0, 3, 0, 0, 0, 3, 255, 0x85, 3,
                        0, 4, 0, 0, 0, 4, 255, 1, 1, 0,
                    ])
            }
        }
    }

    @Test("a frame may come in pieces, and holds up no other client")
    func pieces() async throws {
        try await served { _, port in
            try await connect(port) { slow in
                let frame = CompatibilityStage.frame(Self.readCoil)
                for byte in frame.dropLast() {
                    try await slow.send([byte])
                    try await Task.sleep(for: .milliseconds(5))
                }
                try await connect(port) { quick in
                    try await quick.send(CompatibilityStage.frame(Self.readCoil))
                    #expect(await bytes(10, from: quick).count == 10)
                }
                try await slow.send([frame[frame.count - 1]])
                #expect(await bytes(10, from: slow) == [0, 1, 0, 0, 0, 4, 255, 1, 1, 0])
            }
        }
    }

    @Test("half a frame, and then nothing: the connection is closed in time")
    func half() async throws {
        var limits = ModbusLimits()
        limits.frame = .milliseconds(200)
        try await served(limits) { _, port in
            for length in [1, 5, 6, 7, 11] {
                let start = ContinuousClock.now
                try await connect(port) { peer in
                    try await peer.send(Array(CompatibilityStage.frame(Self.readCoil).prefix(length)))
                    #expect(await bytes(1, from: peer).isEmpty)
                }
                #expect(ContinuousClock.now - start >= .milliseconds(200))
            }
        }
    }

    @Test("whoever drips a frame byte by byte has no more time than whoever is silent")
    func dripping() async throws {
        var limits = ModbusLimits()
        limits.frame = .milliseconds(300)
        try await served(limits) { _, port in
            try await connect(port) { peer in
                for byte in CompatibilityStage.frame(Self.readCoil).prefix(6) {
                    try? await peer.send([byte])
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(await bytes(1, from: peer).isEmpty)
            }
        }
    }

    @Test(
        "who speaks something else is left",
        arguments: ["GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}"])
    func otherProtocol(text: String) async throws {
        try await served { _, port in
            try await connect(port) { peer in #expect(await peer.exchange(text).isEmpty) }
        }
    }

    @Test("who is silent for too long is left; a request begins the time anew")
    func idle() async throws {
        #expect(ModbusLimits().idle == .seconds(50) && ModbusLimits().clients == 2)
        var limits = ModbusLimits()
        limits.idle = .milliseconds(400)
        try await served(limits) { _, port in
            try await connect(port) { peer in
                for _ in 0..<3 {
                    try await Task.sleep(for: .milliseconds(200))
                    try await peer.send(CompatibilityStage.frame(Self.readCoil))
                    #expect(await bytes(10, from: peer).count == 10)
                }
                let start = ContinuousClock.now
                #expect(await bytes(1, from: peer).isEmpty)
                #expect(ContinuousClock.now - start >= .milliseconds(390))
            }
        }
    }

    @Test("two clients are served at once, a third when one has gone")
    func two() async throws {
        try await served { _, port in
            try await connect(port) { one in
                try await one.send(CompatibilityStage.frame(Self.readCoil))
                #expect(await bytes(10, from: one).count == 10)
                try await connect(port) { two in
                    try await two.send(CompatibilityStage.frame(Self.readCoil))
                    #expect(await bytes(10, from: two).count == 10)
                    try await connect(port) { three in #expect(await bytes(1, from: three).isEmpty) }
                    try await two.send(CompatibilityStage.frame(Self.readCoil))
                    #expect(await bytes(10, from: two).count == 10)
                }
                var isServed = false
                while !isServed {
                    isServed = try await connect(port) { third in
                        try? await third.send(CompatibilityStage.frame(Self.readCoil))
                        return await bytes(10, from: third).count == 10
                    }
                }
            }
        }
    }

    @Test("where no place is free, a client's longest silent connection gives way to its new one, and to nobody else's")
    func returned() async throws {
        #expect(ModbusLimits().yields == .seconds(10))
        var limits = ModbusLimits()
        limits.yields = .milliseconds(300)
        try await served(limits, allow: "127.0.0.1/32, 127.0.0.9/32") { _, port in
            try await connect(port) { old in
                try await old.send(CompatibilityStage.frame(Self.readCoil))
                #expect(await bytes(10, from: old).count == 10)
                try await Task.sleep(for: .milliseconds(400))
                try await connect(port) { young in
                    try await young.send(CompatibilityStage.frame(Self.readCoil))
                    #expect(await bytes(10, from: young).count == 10)
                    try await connect(port, from: "127.0.0.9") { other in #expect(await bytes(1, from: other).isEmpty) }
                    try await connect(port) { new in
                        try await new.send(CompatibilityStage.frame(Self.readCoil))
                        #expect(await bytes(10, from: new).count == 10)
                    }
                    try await young.send(CompatibilityStage.frame(Self.readCoil))
                    #expect(await bytes(10, from: young).count == 10)
                }
                #expect(await bytes(1, from: old).isEmpty)
            }
        }
    }

    @Test("who is turned away is said once a minute for each reason, and of so many clients")
    func saying() {
        let places = ModbusPlaces(2, logger: RelayDeskTests.logger)
        #expect(places.refused("192.0.2.1", "a router") && !places.refused("192.0.2.1", "a router"))
        #expect(places.refused("192.0.2.1", "no place") && places.refused("192.0.2.2", "a router"))
        #expect((0..<100).filter { places.refused("192.0.2.3", "\($0)") }.count == 29)
    }

    @Test("that nobody can be taken is said once, and once that it is over")
    func failing() {
        let places = ModbusPlaces(2, logger: RelayDeskTests.logger)
        let error = SystemError(EMFILE, "accept a client")
        #expect(!places.works())
        #expect(places.failed(error) && !places.failed(error))
        #expect(places.works() && !places.works())
        #expect(places.failed(error))
    }

    @Test("what waits behind an answer that took too long is not done: the connection is closed after it")
    func late() async throws {
        #expect(ModbusLimits().answer == .seconds(2))
        var limits = ModbusLimits()
        limits.answer = .milliseconds(100)
        try await served(limits) { stage, port in
            let gate = stage.owner.hold("strobe")
            try await connect(port) { peer in
                try await peer.send(
                    CompatibilityStage.frame([5, 0, 1, 0xFF, 0], transaction: 1)
                        + CompatibilityStage.frame([5, 0, 2, 0xFF, 0], transaction: 2))
                try await Task.sleep(for: .milliseconds(300))
                gate.finish()
                // The kernel throws the answer away where it closes over what was not read.
                let answer = await bytes(13, from: peer)
                #expect([[], [0, 1, 0, 0, 0, 6, 255, 5, 0, 1, 0xFF, 0]].contains(answer))
            }
            #expect(stage.owner.requests.map(\.relay) == ["strobe"])
        }
    }

    @Test("who is not named finds the connection closed, and takes nobody's place")
    func strangers() async throws {
        try await served(allow: "127.0.0.9/32") { stage, port in
            for _ in 0..<3 {
                try await connect(port) { peer in
                    try? await peer.send(CompatibilityStage.frame([5, 0, 1, 0xFF, 0]))
                    #expect(await bytes(1, from: peer).isEmpty)
                }
            }
            try await connect(port, from: "127.0.0.9") { peer in
                try await peer.send(CompatibilityStage.frame(Self.readCoil))
                #expect(await bytes(10, from: peer).count == 10)
            }
            #expect(stage.owner.requests.isEmpty)
        }
    }

    @Test("whoever is not admitted is closed at the door, and only who is comes in")
    func admission() async throws {
        let port = Int(try LoopbackPort.free())
        let listener = try ModbusListener(port: port, isLoopback: true)
        let asked = Mutex<[String]>([])
        let client = Task {
            try await listener.next { address in
                asked.withLock { asked in
                    asked.append("\(address)")
                    return asked.count == 3
                }
            }?.peer.description
        }
        for _ in 0..<2 { try await connect(port) { peer in #expect(await bytes(1, from: peer).isEmpty) } }
        let admitted = try await connect(port, from: "127.0.0.9") { _ in try await client.value }
        #expect(admitted == "127.0.0.9")
        #expect(asked.withLock { $0 } == ["127.0.0.1", "127.0.0.1", "127.0.0.9"])
    }

    @Test("a router of the unit never comes in, though it is listed and the site file does not call it one")
    func router() async throws {
        let folder = TemporaryDirectory()
        folder.write("eth0 00000000 0101A8C0 0003 0 0 0 00000000 0 0 0\n", to: "route")
        let stage = try await CompatibilityStage(
            CompatibilityStage.siteText.replacing("127.0.0.1/32", with: "192.168.1.1/32, 192.168.1.20/32"))
        let service = ModbusService(
            stage.configuration, of: stage.site,
            listener: try ModbusListener(port: Int(try LoopbackPort.free()), isLoopback: true), relays: stage.relays,
            registers: nil, latest: { [] }, now: { RelayDeskTests.time(0) }, tables: folder.path,
            logger: RelayDeskTests.logger)
        let places = ModbusPlaces(2, logger: RelayDeskTests.logger)
        let (router, client) = (try #require(IPAddress("192.168.1.1")), try #require(IPAddress("192.168.1.20")))
        #expect(!service.admits(router, places))
        #expect(service.admits(client, places))
    }

    @Test("a client that has gone without a word is noticed before it would be left for its silence")
    func vanished() {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        ModbusConnection.watch(socket)
        let found = [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT].map { option -> Int32 in
            var (value, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            getsockopt(socket, Int32(IPPROTO_TCP), option, &value, &length)
            return value
        }
        #expect(found == [10, 5, 3, 25_000])
        var (isOn, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        getsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &isOn, &length)
        #expect(isOn != 0 && ModbusLimits().idle > .seconds(25))
    }

    @Test("a port that is taken is an error with its number")
    func taken() throws {
        let port = Int(try LoopbackPort.free())
        let first = try ModbusListener(port: port, isLoopback: true)
        #expect(throws: SystemError(EADDRINUSE, "listen on port \(port)")) {
            try ModbusListener(port: port, isLoopback: true)
        }
        withExtendedLifetime(first) {}
    }
}
