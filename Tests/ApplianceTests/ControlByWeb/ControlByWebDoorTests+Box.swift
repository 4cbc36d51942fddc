import Foundation
import NIOCore
import NIOPosix
import Relays
import ServiceLifecycle
import Site
import Synchronization
import TestSupport
import Testing
import Web

@testable import Appliance

extension ControlByWebDoorTests {
    /// A box that is served on a loopback port, with relays that a test owns.
    struct Box: Sendable {
        let port: UInt16
        let owner: StagedOwner
        let desk: RelayDesk
        let entries: @Sendable () -> [AuditEntry]

        struct Answer {
            let status: Int
            let head: String
            let body: String
        }

        func ask(_ target: String, _ method: String = "GET", _ fields: [String] = []) async throws -> Answer {
            let lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + fields
            return Self.answer(try await send(lines.joined(separator: "\r\n") + "\r\n\r\n"))
        }

        /// Sends, and gives back all that came until the box closed.
        func send(_ text: String) async throws -> String {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: Int(port)) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await RawPeer.over(channel) { await $0.exchange(text) }
        }

        static func answer(_ text: String) -> Answer {
            let end = text.firstRange(of: "\r\n\r\n")
            let head = end.map { String(text[..<$0.lowerBound]) } ?? text
            return Answer(
                status: head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, head: head,
                body: end.map { String(text[$0.upperBound...]) } ?? "")
        }

        /// What the relays were told, without who and from where.
        var told: [String] { owner.requests.map { "\($0.relay) \($0.command.word)" } }
    }

    static func time() -> Timestamp {
        Timestamp(wall: 1_559_533_814_000, boot: 1, monotonic: 50_000, isTrusted: true)
    }

    func with(
        _ profile: ControlByWebConfiguration.Profile, _ more: String = "", auth: String = "none",
        _ body: @escaping @Sendable (Box) async throws -> Void
    ) async throws {
        let words = ControlByWebFixture.words(profile)
        let (site, configuration) = try ControlByWebFixture.site(
            "{ profile: \(profile.rawValue), allow: [127.0.0.1/32], auth: \(auth)\(words)\(more) }")
        let owner = StagedOwner(["lamp": .off, "fan": .off, "router": .on, "door-opener": .off])
        // At a normally closed contact the load has power while the coil has no current.
        var router = StagedOwner.status("router", .on)
        router.coil = false
        owner.tell(.status(router))
        let entries = AuditEntries()
        let desk = RelayDesk(
            site.relays, owner: owner, audit: { entries.take($0) }, now: Self.time, logger: ControlByWebFixture.logger)
        await desk.connected(try await owner.overview())
        let folder = TemporaryDirectory()
        let service = ControlByWebService(
            site, configuration, relays: desk, source: MemorySource(), directory: folder.path,
            serial: ControlByWebFixture.serial, isSimulated: false, now: Self.time, logger: ControlByWebFixture.logger,
            batches: { AsyncStream { $0.finish() } }, publish: { _ in })
        let socket = try ListeningSocket.foreign(port: 0, clients: ["127.0.0.1"], isSecure: false)
        let port = try #require(socket.port)
        let door = ForeignDoor(
            accounts: nil, names: ["box.example"], admits: { $0 == "127.0.0.1" },
            answer: { await service.answer($0, $1) })
        let group = ServiceGroup(
            services: [HTTPServer(sockets: [socket], door: door, now: { 0 }, logger: ControlByWebFixture.logger)],
            logger: ControlByWebFixture.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body(Box(port: port, owner: owner, desk: desk, entries: { entries.all })))
            } catch { outcome = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    final class AuditEntries: Sendable {
        private let entries = Mutex<[AuditEntry]>([])
        var all: [AuditEntry] { entries.withLock { $0 } }
        func take(_ more: [AuditEntry]) { entries.withLock { $0 += more } }
    }
}
