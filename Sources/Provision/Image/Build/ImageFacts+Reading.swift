import Crypto
import Glibc
public import Platform
public import Site

extension ImageFacts.Package {
    /// Asks dpkg-deb what a package is.
    ///
    /// - Throws: `image.noPackage`, `image.package`.
    public init(reading path: String, commands: any CommandRunner) async throws {
        guard FileKind(of: path) == .regular else {
            throw Failure(
                "image.noPackage", "There is no package of picli at \(path).",
                hint: "make deb, with ARCH=arm64 for a Pi; or --package FILE", status: .usage)
        }
        let text: String
        do {
            text = try await commands.run(Command("dpkg-deb", ["--field", path])).text
        } catch {
            throw Failure(
                "image.package", "\(path) is not a Debian package: \(error).", hint: "make deb", status: .usage)
        }
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix(" ") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
        }
        guard fields["Package"] == "picli", let version = fields["Version"], let architecture = fields["Architecture"]
        else {
            throw Failure(
                "image.package", "\(path) is the package '\(fields["Package"] ?? "")', not picli's.",
                hint: "make deb, or --package FILE", status: .usage)
        }
        self.init(
            path: path, version: String(version), architecture: String(architecture),
            needs: Self.names([fields["Depends"], fields["Recommends"]].compactMap(\.self).joined(separator: ",")),
            digest: try BlockMap(reading: path).digest)
    }

    /// `libc6 (>= 2.36), a | b` is `libc6`, `a`: the first of each choice.
    static func names(_ relations: String) -> [String] {
        relations.split(separator: ",").compactMap { clause in
            let name = clause.drop { $0.isWhitespace }.prefix { !$0.isWhitespace && !"(|:[".contains($0) }
            return name.isEmpty ? nil : String(name)
        }
    }
}

extension ImageFacts {
    /// What a recipe's `files` folder lays over the root.
    ///
    /// Folders are not listed: those of the root keep their modes.
    ///
    /// - Throws: `image.files`.
    public static func files(in folder: String) throws(Failure) -> [TarArchive.Entry] {
        try files(in: folder, below: "")
    }

    /// Of one file; a root's larger ones come in packages.
    private static let limit = 256 << 20

    private static func files(in folder: String, below path: String) throws(Failure) -> [TarArchive.Entry] {
        let names: [String]
        do throws(SystemError) { names = try SmallFile.names(in: folder) } catch { throw unreadable(folder, error) }
        var entries: [TarArchive.Entry] = []
        for name in names {
            let place = "\(folder)/\(name)"
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            switch FileKind(of: place, followsLinks: false) {
            case .directory: entries += try files(in: place, below: inner)
            case .link: entries.append(.init(inner, .link(target(of: place)), mode: 0o777))
            case .regular:
                do throws(SystemError) {
                    let isProgram = (FileKind.permissions(of: place) ?? 0) & 0o100 != 0
                    let content = try SmallFile.bytes(at: place, limit: limit + 1)
                    guard content.count <= limit else { throw SystemError(EFBIG, "read") }
                    // sudoers(5) is read by root alone; git keeps no such mode.
                    let plain: UInt32 = inner.hasPrefix("etc/sudoers.d/") ? 0o440 : 0o644
                    entries.append(.init(inner, .file(content), mode: isProgram ? 0o755 : plain))
                } catch { throw unreadable(place, error) }
            default:
                throw Failure("image.files", "\(place) is neither file, folder nor link.", hint: "remove it")
            }
        }
        return entries
    }

    private static func unreadable(_ path: String, _ error: SystemError) -> Failure {
        Failure(
            "image.files", "The recipe names \(path), and it cannot be read: \(error.reason).",
            hint: "correct the path in the recipe; it is relative to the recipe's folder", status: .usage)
    }

    private static func target(of path: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The sources that a recipe names, by the names of their files.
    ///
    /// - Throws: `image.files`.
    public static func overlays(of recipe: ImageRecipe, in folder: String) throws(Failure) -> [String: [UInt8]] {
        var sources: [String: [UInt8]] = [:]
        for path in recipe.overlays {
            let name = String(path.split(separator: "/").last ?? "")
            do throws(SystemError) { sources[name] = try SmallFile.bytes(at: "\(folder)/\(path)") } catch {
                throw unreadable("\(folder)/\(path)", error)
            }
        }
        return sources
    }
}
