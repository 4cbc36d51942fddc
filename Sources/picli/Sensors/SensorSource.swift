import Appliance
import ArgumentParser
import Diagnose
import Glibc
import Hardware
import Platform
import Site

/// Which sensors are meant, and which buses they are on.
struct SensorSource: ParsableArguments {
    static let installed = Subject.installedSite

    @Option(
        help: ArgumentHelp(
            "The site file; that of the installed unit (\(installed)) when left out.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var site: String?

    @Flag(help: "Simulate the buses with the sensors of the site file.")
    var simulate = false

    /// What is to be said of the file goes to standard error.
    ///
    /// Errors: `input.…` and `site.invalid`.
    func file(_ console: Console) throws -> SiteFile {
        let check = SiteFileCheck(try InputText(site ?? Self.installed))
        for diagnostic in check.document.diagnostics { console.note(diagnostic.description) }
        return try check.requireValid()
    }

    /// The site file that was named; the installed one where it can be read and used.
    func fileIfAny(_ console: Console) throws -> SiteFile? {
        guard site == nil, !simulate else { return try file(console) }
        guard access(Self.installed, F_OK) == 0 else { return nil }
        do {
            return try file(console)
        } catch let failure as Failure {
            console.note("note: going on without the site file. \(failure.message)")
            return nil
        }
    }

    /// The machine's buses, or simulated ones.
    func buses(for file: SiteFile?) -> Buses {
        guard simulate, let file else { return .linux() }
        return .simulated(
            for: file.sensors, at: file.site, clock: .running(from: Double(KernelClock.wall()) / 1000))
    }

    /// The sensors with these ids, in the order of the file; all when none is named.
    ///
    /// Errors: `sensor.unknown` for the first id that the file does not have.
    static func choose(_ ids: [String], from file: SiteFile) throws -> [SensorConfiguration] {
        guard !ids.isEmpty else { return file.sensors }
        let known = file.sensors.map(\.id)
        for id in ids where !known.contains(id) {
            let nearest = known.map { ($0, $0.distance(to: id)) }.min { $0.1 < $1.1 }
            let guess = nearest.flatMap { $0.1 <= max(2, id.count / 3) ? " Did you mean '\($0.0)'?" : nil } ?? ""
            throw Failure(
                "sensor.unknown", "The site file has no sensor '\(id)'.\(guess)", hint: "picli sensors list",
                status: .usage)
        }
        return file.sensors.filter { ids.contains($0.id) }
    }
}

extension Timestamp {
    /// Now, for a reading that is shown and not kept.
    static var shown: Timestamp {
        Timestamp(
            wall: KernelClock.wall(), boot: Timestamp.unknownBoot, monotonic: KernelClock.sinceBoot(), isTrusted: true)
    }
}
