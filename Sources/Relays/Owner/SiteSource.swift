public import Platform
public import Site
import Synchronization

/// Where the owner of the lines has its site file from.
public struct SiteSource: Sendable {
    /// What was read.
    public struct Reading: Sendable {
        /// The last good one; nil when there never was one.
        public var site: SiteFile?
        /// The zone of its times; nil where it is not known, and then no schedule acts.
        public var zone: LocalZone?
        /// Why it is not the present one; nil when it is.
        public var problem: String?
        /// Why its zone is not known; nil when it is, or when nothing goes by it.
        public var zoneProblem: String?
        /// The card did not give all of it in time, or has not all of it: it may do so later, unasked.
        public var isUnread = false
    }

    /// Reads it now.
    public let read: @Sendable () async -> Reading

    /// One that does not change.
    public static func value(_ site: SiteFile) -> SiteSource {
        let zones = Zones({ ZoneFile.bytes(of: $0) }, keptIn: nil)
        return SiteSource { await zones.reading(site, problem: nil) }
    }

    /// A file, and the last good state of it.
    ///
    /// A file that is broken, gone, or on a card that hangs, drops no coil: what was declared last holds on.
    /// - Parameters:
    ///   - path: `/etc/picli/site.yaml`.
    ///   - directories: Where the last good one is kept, the quicker first; each is written when it changes.
    ///   - zoneFile: The content of a time zone's file by its name; nil when there is none.
    public static func file(
        _ path: String, keptIn directories: [String],
        zoneFile: @escaping @Sendable (String) -> [UInt8]? = { ZoneFile.bytes(of: $0) }
    ) -> SiteSource {
        let file = Blocking(name: "site file") {}
        let zones = Zones(zoneFile, keptIn: directories.first)
        let copies = directories.map { Copy(path: "\($0)/site.yaml") }
        return SiteSource {
            do {
                let bytes = try await file.run(within: patience) { _ in try SmallFile.bytes(at: path, limit: 1 << 20) }
                let site: SiteFile
                do { site = try await file.run(within: parsing) { _ in try parse(bytes, path) } } catch {
                    return await zones.reading(last(copies), problem: "\(error)")
                }
                for copy in copies { copy.keep(bytes) }
                return await zones.reading(site, problem: nil)
            } catch {
                var reading = await zones.reading(last(copies), problem: "\(path): \(error)")
                reading.isUnread = true
                return reading
            }
        }
    }

    private static func last(_ copies: [Copy]) async -> SiteFile? {
        for copy in copies {
            if let site = await copy.site() { return site }
        }
        return nil
    }

    private struct Invalid: Error, CustomStringConvertible {
        let description: String
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws -> SiteFile {
        let result = SiteFile.parse(bytes: bytes, file: path)
        guard let site = result.value else {
            throw Invalid(description: result.errors.first.map { "\($0)" } ?? "\(path) is no site file")
        }
        return site
    }

    /// What a card may take before the start goes on without it.
    private static let patience = Duration.milliseconds(400)
    /// What reading the YAML may take on a slow machine: the processor's work, not the card's.
    private static let parsing = Duration.seconds(10)

    /// A good site file that is kept for a day on which there is none.
    private struct Copy: Sendable {
        let path: String
        private let thread = Blocking(name: "site copy") {}

        init(path: String) { self.path = path }

        /// Nobody waits for a card.
        func keep(_ bytes: [UInt8]) {
            Task {
                try? await thread.run(within: .seconds(30)) { [path] _ in
                    guard (try? SmallFile.bytes(at: path, limit: 1 << 20)) != bytes else { return }
                    try AtomicFile.replace(path, with: bytes, mode: 0o600)
                }
            }
        }

        func site() async -> SiteFile? {
            let bytes = try? await thread.run(within: patience) { [path] _ in
                try SmallFile.bytes(at: path, limit: 1 << 20)
            }
            guard let bytes else { return nil }
            return try? await thread.run(within: parsing) { [path] _ in try parse(bytes, path) }
        }
    }

    /// The system's time zones, which lie on the card, too.
    private final class Zones: Sendable {
        private let thread = Blocking(name: "time zone") {}
        private let known = Mutex<LocalZone?>(nil)
        private let file: @Sendable (String) -> [UInt8]?
        /// Where the last one is kept for the next process.
        private let copy: String?

        init(_ file: @escaping @Sendable (String) -> [UInt8]?, keptIn directory: String?) {
            self.file = file
            copy = directory.map { "\($0)/timezone" }
        }

        /// A site file with the zone of its times.
        ///
        /// One that was read before stands in for a card that does not answer.
        func reading(_ site: SiteFile?, problem: String?) async -> Reading {
            guard let site, site.relays.contains(where: { !$0.schedule.isEmpty }) else {
                return Reading(site: site, problem: problem)
            }
            let name = site.site.timezone
            do {
                let zone = try await thread.run(within: patience) { [self] _ in
                    LocalZone.named(name) { name in
                        let bytes = file(name)
                        if let bytes { keep(bytes, of: name) }
                        return bytes
                    }
                }
                if let zone {
                    known.withLock { $0 = zone }
                    return Reading(site: site, zone: zone, problem: problem)
                }
                return await without(name, "this system does not have it", site, problem)
            } catch {
                return await without(name, "\(error)", site, problem)
            }
        }

        private func keep(_ bytes: [UInt8], of name: String) {
            let content = Array(name.utf8) + [UInt8(ascii: "\n")] + bytes
            guard let copy, (try? SmallFile.bytes(at: copy, limit: 1 << 20)) != content else { return }
            try? AtomicFile.replace(copy, with: content, mode: 0o600)
        }

        /// What was kept of a zone; in memory, not on the card.
        private func kept(_ name: String) async -> LocalZone? {
            guard let copy else { return nil }
            return try? await Blocking(name: "zone copy") {}.run(within: patience) { _ in
                let bytes = try SmallFile.bytes(at: copy, limit: 1 << 20)
                let head = Array(name.utf8) + [UInt8(ascii: "\n")]
                guard bytes.starts(with: head) else { return nil }
                return LocalZone.named(name) { _ in Array(bytes.dropFirst(head.count)) }
            }
        }

        private func without(_ name: String, _ reason: String, _ site: SiteFile, _ problem: String?) async -> Reading {
            var before = known.withLock { $0?.name == name ? $0 : nil }
            if before == nil { before = await kept(name) }
            return Reading(
                site: site, zone: before, problem: problem,
                zoneProblem: before == nil ? "the time zone \(name) was not read: \(reason)" : nil,
                isUnread: before == nil)
        }
    }
}
