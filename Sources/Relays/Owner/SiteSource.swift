import Platform
public import Site

/// Where the owner of the lines has its site file from.
public struct SiteSource: Sendable {
    /// What was read.
    public struct Reading: Sendable {
        /// The last good one; nil when there never was one.
        public var site: SiteFile?
        /// The zone of its times; UTC where the system does not know it.
        public var zone = LocalZone.utc
        /// Why it is not the present one; nil when it is.
        public var problem: String?
        /// The card did not give it in time, or has none: it may do so later, unasked.
        public var isUnread = false
    }

    /// Reads it now.
    public let read: @Sendable () async -> Reading

    /// One that does not change.
    public static func value(_ site: SiteFile) -> SiteSource {
        let zone = Blocking(name: "time zone") {}
        return SiteSource { await reading(site, problem: nil, zone) }
    }

    /// A file, and the last good state of it.
    ///
    /// A file that is broken, gone, or on a card that hangs, drops no coil: what was declared last holds on.
    /// - Parameters:
    ///   - path: `/etc/picli/site.yaml`.
    ///   - directories: Where the last good one is kept, the quicker first; each is written when it changes.
    public static func file(_ path: String, keptIn directories: [String]) -> SiteSource {
        let file = Blocking(name: "site file") {}
        let zone = Blocking(name: "time zone") {}
        let copies = directories.map { directory in
            (path: "\(directory)/site.yaml", thread: Blocking(name: "site copy") {})
        }
        return SiteSource {
            do {
                let bytes = try await file.run(within: patience) { _ in try SmallFile.bytes(at: path, limit: 1 << 20) }
                let result = SiteFile.parse(bytes: bytes, file: path)
                guard let site = result.value else {
                    let first = result.errors.first.map { "\($0)" } ?? "\(path) is no site file"
                    return await reading(last(copies), problem: first, zone)
                }
                for copy in copies {
                    // Nobody waits for a card: the copy is for another day.
                    Task {
                        try? await copy.thread.run(within: .seconds(30)) { _ in
                            guard (try? SmallFile.bytes(at: copy.path, limit: 1 << 20)) != bytes else { return }
                            try AtomicFile.replace(copy.path, with: bytes, mode: 0o600)
                        }
                    }
                }
                return await reading(site, problem: nil, zone)
            } catch {
                var reading = await reading(last(copies), problem: "\(path): \(error)", zone)
                reading.isUnread = true
                return reading
            }
        }
    }

    private static func last(_ copies: [(path: String, thread: Blocking<Void>)]) async -> SiteFile? {
        for copy in copies {
            let bytes = try? await copy.thread.run(within: patience) { [path = copy.path] _ in
                try SmallFile.bytes(at: path, limit: 1 << 20)
            }
            if let bytes, let site = SiteFile.parse(bytes: bytes, file: copy.path).value { return site }
        }
        return nil
    }

    /// With the zone of its times, which lies on the card, too.
    private static func reading(_ site: SiteFile?, problem: String?, _ thread: Blocking<Void>) async -> Reading {
        let name = site?.site.timezone ?? "UTC"
        do {
            let zone = try await thread.run(within: patience) { _ in LocalZone.named(name) { ZoneFile.bytes(of: $0) } }
            return Reading(site: site, zone: zone ?? .utc, problem: problem)
        } catch {
            let late = "the time zone \(name) was not read, so schedules go by UTC: \(error)"
            return Reading(site: site, problem: problem ?? late, isUnread: true)
        }
    }

    /// What a card may take before the start goes on without it.
    private static let patience = Duration.milliseconds(400)
}
