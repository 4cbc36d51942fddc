import FoundationEssentials
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

/// Files of this repository, as host tests read them.
enum HostFixtures {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func text(_ path: String) throws -> String {
        String(decoding: try SmallFile.bytes(at: "\(repository)/\(path)"), as: UTF8.self)
    }

    static func trailer() throws -> SiteFile {
        try site(try text("Examples/trailer.yaml"))
    }

    static func site(_ text: String) throws -> SiteFile {
        let result = SiteFile.parse(text)
        return try #require(result.value, "\(result.errors.map(\.description))")
    }

    /// Compares with a file of `Fixtures/host`; what differs is left in `.build/golden`, to be looked at and copied when
    /// it is the better answer.
    static func matches(_ text: String, _ name: String) throws -> Bool {
        if text == (try? self.text("Tests/ProvisionTests/Fixtures/host/\(name)")) { return true }
        let folder = "\(repository)/.build/golden"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.replace("\(folder)/\(name)", with: Array(text.utf8))
        return false
    }

    /// The text that a plan gives to a path.
    static func file(_ path: String, in plan: Plan) -> String? {
        for step in plan.steps {
            if case .file(let file) = step.action, file.path == path {
                return String(decoding: file.content, as: UTF8.self)
            }
        }
        return nil
    }
}
