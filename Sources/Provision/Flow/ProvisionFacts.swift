public import Platform
import Site

/// What `picli provision` finds on a card, or on the machine that it runs on, before it changes anything.
public struct ProvisionFacts: Sendable {
    public var isLive: Bool
    /// How the root is called in messages.
    public var place: String
    public var boot: BootTree
    /// `ID` and `ID_LIKE` of os-release(5); empty where there is none.
    public var systemIDs: [String]
    /// What was flashed: `IMAGE_ID` and `IMAGE_VERSION`, else `PRETTY_NAME`, of os-release(5).
    public var image: String?
    public var record: UnitRecord?
    /// Of the running machine; nil on a mounted card.
    public var board: BoardSerial?
    public var macs: [String]
    /// Bytes that are free where the databases are; nil where nobody can tell.
    public var freeSpace: UInt64?
    public var hasPackage: Bool
    /// Whether the root knows the service's own user.
    public var hasUser: Bool
    /// Where a link in the place of the identity folder leads; nil for a folder, or nothing.
    public var identityLink: String?

    /// Looks at a root.
    ///
    /// - Throws: `identity.…` when there is an identity that cannot be read, `boot.unreadable`.
    public init(of root: SystemRoot, identity: UnitIdentity) throws {
        isLive = root.isLive
        place = root.shown("/")
        boot = try BootTree(root: root.isLive ? "" : root.path)
        let release = try Self.release(of: root)
        systemIDs = ([release["ID"]] + (release["ID_LIKE"] ?? "").split(separator: " ").map(String.init))
            .compactMap(\.self)
        let name = [release["IMAGE_ID"], release["IMAGE_VERSION"]].compactMap(\.self).joined(separator: " ")
        image = name.isEmpty ? release["PRETTY_NAME"] : name
        record = identity.exists ? try identity.record() : nil
        board = root.isLive ? BoardSerial.ofBoard() : nil
        macs = root.isLive ? Self.macAddresses() : []
        let folder = ["/var/lib/picli", "/var/lib", "/"].first { root.exists($0) } ?? "/"
        freeSpace = (try? FileSystemSpace(of: root.shown(folder)))?.available
        hasPackage = ["/usr/lib/systemd/system/picli.service", "/lib/systemd/system/picli.service"]
            .contains { root.exists($0) }
        identityLink = root.linkTarget(of: "/var/lib/picli/identity")
        hasUser = try AccountNames(of: root).users["picli"] != nil
    }

    /// `KEY=value` and `KEY="value"` (os-release(5)).
    private static func release(of root: SystemRoot) throws -> [String: String] {
        let bytes = try root.content(of: "/etc/os-release") ?? root.content(of: "/usr/lib/os-release") ?? []
        var values: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { continue }
            values[String(line[..<equals])] = line[line.index(after: equals)...]
                .trimmingPrefix("\"").trimmingSuffix("\"")
        }
        return values
    }

    /// Of the network interfaces that are hardware, in the order of their names.
    private static func macAddresses() -> [String] {
        let folder = "/sys/class/net"
        return ((try? SmallFile.names(in: folder)) ?? []).sorted()
            .filter { FileKind(of: "\(folder)/\($0)/device") != nil }
            .compactMap { try? SmallFile.text(at: "\(folder)/\($0)/address", limit: 64) }
            .filter { $0.utf8.count == 17 && $0 != "00:00:00:00:00:00" }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        String(hasSuffix(suffix) ? dropLast(suffix.count) : self)
    }
}
