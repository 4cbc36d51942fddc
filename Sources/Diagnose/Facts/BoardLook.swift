import Hardware
import Platform
import Provision
import Site

/// The figures of the computer itself.
struct BoardLook {
    private let subject: Subject

    init(_ subject: Subject) { self.subject = subject }

    func figures() async throws -> [BoardFigure] { try await Board().figures() }
}

/// config.txt against the site file and the running device tree.
enum BootLook {
    static func report(_ subject: Subject) throws -> BootReport {
        let tree = try BootTree(root: subject.root.isLive ? "" : subject.root.path)
        guard tree.config != nil else { throw NotHere("this is no Raspberry Pi") }
        let site = try? subject.site.get()
        return try BootCheck.report(of: tree, for: site.map { BootSettings($0) })
    }
}
