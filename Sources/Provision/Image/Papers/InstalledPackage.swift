import FoundationEssentials
public import Platform

/// Something that an image is made of, and whose faults it has.
public struct InstalledPackage: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case debian = "deb"
        case swift
    }

    public var kind: Kind
    public var name: String
    public var version: String
    /// Of a Debian package.
    public var architecture: String?
    /// Of a Swift package: where it comes from.
    public var location: String?

    /// Those that dpkg has installed (`/var/lib/dpkg/status`), by name.
    public static func debian(status: String) -> [InstalledPackage] {
        var packages: [InstalledPackage] = []
        for paragraph in status.split(separator: "\n\n") {
            var fields: [Substring: Substring] = [:]
            for line in paragraph.split(separator: "\n") where !line.hasPrefix(" ") {
                guard let colon = line.firstIndex(of: ":") else { continue }
                fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
            }
            guard fields["Status"]?.hasSuffix(" installed") == true, let name = fields["Package"],
                let version = fields["Version"]
            else { continue }
            packages.append(
                InstalledPackage(
                    kind: .debian, name: String(name), version: String(version),
                    architecture: fields["Architecture"].map(String.init)))
        }
        return packages.sorted { ($0.name, $0.architecture ?? "") < ($1.name, $1.architecture ?? "") }
    }

    /// Those that picli was built from (`Package.resolved` of SwiftPM, versions 2 and 3), by name.
    ///
    /// - Throws: `image.pins`.
    public static func swift(pins: [UInt8]) throws(Failure) -> [InstalledPackage] {
        struct Document: Decodable {
            struct Pin: Decodable {
                struct State: Decodable {
                    let version: String?
                    let revision: String?
                }
                let identity: String
                let location: String
                let state: State
            }
            let pins: [Pin]
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(pins)) else {
            throw Failure(
                "image.pins", "The package of picli does not say which Swift packages it is made of.",
                hint: "make deb")
        }
        return document.pins.map {
            InstalledPackage(
                kind: .swift, name: $0.identity, version: $0.state.version ?? $0.state.revision ?? "",
                architecture: nil,
                location: $0.location)
        }.sorted { $0.name < $1.name }
    }

    /// Package URL (purl-spec, types `deb` and `swift`).
    public var purl: String {
        switch kind {
        case .debian:
            return "pkg:deb/debian/\(Self.escaped(name))@\(Self.escaped(version))"
                + (architecture.map { "?arch=\($0)" } ?? "")
        case .swift:
            let path = (location ?? name).trimmingPrefix("https://")
            return "pkg:swift/\(path.hasSuffix(".git") ? path.dropLast(4) : path)@\(Self.escaped(version))"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let letter = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (letter.isLetter || letter.isNumber || ".-_~".contains(letter))
            return isPlain ? String(letter) : "%" + [byte].hexadecimal.uppercased()
        }.joined()
    }
}
