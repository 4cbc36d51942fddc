import Foundation
public import Platform
public import Site

/// What support needs to know of a unit, in one file, without what is private.
public struct SupportBundle: Sendable {
    public let manifest: BundleManifest
    let files: [Archive.File]

    /// Gathers, redacts, and proves that nothing private is left.
    ///
    /// - Throws: `bundle.denied` when what is private cannot be known; `bundle.leak` when some of it would leave.
    public init(of subject: Subject, report: DiagnosisDocument) async throws {
        let time = KernelClock.wall()
        let privacy = try await Privacy(of: subject)
        var files: [Archive.File] = []
        var entries: [BundleManifest.File] = []
        var omitted: [BundleManifest.Omission] = []
        for source in BundleSources(subject, privacy, report: report).all {
            do {
                var counts = Redactor.Counts()
                let text = try await source.text(&counts)
                let leaks = privacy.redactor.leaks(in: text)
                guard leaks.isEmpty else {
                    throw Failure(
                        "bundle.leak",
                        "Nothing was written: \(source.name) would have held a private value (\(leaks.joined(separator: ", "))).",
                        hint: "report this with the name of that file")
                }
                let content = Array(text.utf8)
                files.append(Archive.File(name: source.name, content: content))
                entries.append(
                    .init(
                        name: source.name, size: content.count, sha256: BundleManifest.hash(content), redacted: counts))
            } catch let failure as Failure where failure.code == "bundle.leak" {
                throw failure
            } catch is CancellationError {
                throw CancellationError()
            } catch let reason as NotHere {
                omitted.append(.init(name: source.name, reason: reason.reason))
            } catch {
                var counts = Redactor.Counts()
                omitted.append(
                    .init(name: source.name, reason: privacy.redactor.redacted("\(error)", &counts)))
            }
        }
        manifest = BundleManifest(
            unit: report.unit, time: ISO8601.string(milliseconds: time), version: subject.version, files: entries,
            omitted: omitted)
        self.files = files
    }

    /// The whole bundle as a `.tar.gz`.
    public func archive(with commands: any CommandRunner) async throws -> [UInt8] {
        let time = (ISO8601.milliseconds(manifest.time) ?? 0) / 1000
        let all = [Archive.File(name: BundleManifest.fileName, content: try manifest.encoded())] + files
        return try await Archive.compressed(Archive.bytes(of: all, time: time), with: commands)
    }
}

/// A bundle that somebody has sent.
public struct ReceivedBundle: Sendable {
    public let manifest: BundleManifest
    /// nil when it cannot be read.
    public let report: DiagnosisDocument?
    private let files: [Archive.File]

    /// Opens it, and compares each file with its hash.
    ///
    /// - Throws: `bundle.unreadable`, `bundle.altered`.
    public init(_ bytes: [UInt8], with commands: any CommandRunner) async throws {
        files = try Archive.files(in: try await Archive.expanded(bytes, with: commands))
        guard let first = files.first, first.name == BundleManifest.fileName,
            let manifest = try? JSONDecoder().decode(BundleManifest.self, from: Data(first.content))
        else { throw Failure("bundle.unreadable", "This is no bundle of picli: it has no manifest.") }
        self.manifest = manifest
        for entry in manifest.files {
            guard let file = files.first(where: { $0.name == entry.name }),
                BundleManifest.hash(file.content) == entry.sha256
            else {
                throw Failure("bundle.altered", "\(entry.name) is not what the unit has put into the bundle.")
            }
        }
        let report = files.first { $0.name == BundleSources.reportName }
        self.report = report.flatMap { try? JSONDecoder().decode(DiagnosisDocument.self, from: Data($0.content)) }
    }

    /// The text of one file; nil when there is none of this name.
    public func text(of name: String) -> String? {
        files.first { $0.name == name }.map { String(decoding: $0.content, as: UTF8.self) }
    }
}
