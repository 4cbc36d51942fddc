import Foundation
import Platform
import Provision
import Site

/// All that is known to be private on a unit, and what takes it out of texts.
struct Privacy: Sendable {
    let redactor: Redactor

    /// - Throws: `bundle.denied` when secrets are there and this user may not read them: then nobody could tell whether
    ///   they are in a log.
    init(of subject: Subject) async throws {
        let root = subject.root
        let site = try? subject.site.get()
        var others: [(kind: String, text: String)] = []
        let identity = UnitIdentity(in: root, state: subject.state)
        if let record = try? identity.record() {
            if let board = record.board { others.append(("board", board.description)) }
            others += record.macs.map { ("station", $0) }
            if let name = record.site { others.append(("name", name)) }
        }
        if root.isLive {
            if let board = BoardSerial.ofBoard() { others.append(("board", board.description)) }
            if let id = try? SmallFile.text(at: "/etc/machine-id", limit: 64), !id.isEmpty {
                others.append(("machine", id))
            }
        }
        // Without a site file that can be used nobody knows which of its words are private: then all are.
        if site == nil { others += try Self.words(of: "/etc/picli/site.yaml", root).map { ("word", $0) } }
        let users = await UserNames(of: subject, since: KernelClock.wall() - BundleSources.week)
        redactor = Redactor(
            site: site?.classifiedValues ?? [], secrets: try Self.secrets(root), others: others,
            // A word of every site file names nobody.
            users: users.all.subtracting(Self.knownWords), key: try Self.key(identity: subject.state, root))
    }

    private static func read(_ path: String, _ root: SystemRoot) throws -> String? {
        do {
            return try root.content(of: path).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw Failure(
                "bundle.denied", "You may not read \(root.shown(path)), and what is in it must not get into a bundle.",
                hint: "sudo picli diagnose --bundle …")
        }
    }

    /// Whatever stands behind a colon: the form of the file is `name: value`.
    private static func secrets(_ root: SystemRoot) throws -> [String] {
        guard let text = try read("/etc/picli/secrets.yaml", root) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard !line.trimmed.hasPrefix("#"), let colon = line.firstIndex(of: ":") else {
                let rest = line.trimmed
                let word = (rest.hasPrefix("- ") ? String(rest.dropFirst(2)) : rest).trimmingQuotes
                return word.isEmpty || rest.hasPrefix("#") ? nil : word
            }
            let value = line[line.index(after: colon)...].trimmed
            return value.isEmpty ? nil : String(value.trimmingQuotes)
        }
    }

    private static func words(of path: String, _ root: SystemRoot) throws -> [String] {
        guard let text = try read(path, root) else { return [] }
        let words = text.split { !($0.isLetter || $0.isNumber || "-_.@/:".contains($0)) }
        return words.map { String($0.drop { "-:/.".contains($0) }) }.filter { word in
            word.count >= 4 && !word.hasSuffix(":") && !knownWords.contains(word.lowercased())
        }
    }

    /// The words of every site file: its keys, and the chips and levels that it may name.
    private static let knownWords: Set<String> = {
        let schema = SiteFile.schema()
        return Set(schema.lowercased().split { !($0.isLetter || $0.isNumber || "-_".contains($0)) }.map(String.init))
    }()

    /// What never leaves the unit: the key of its identity, else that of its page, else of this bundle alone.
    private static func key(identity state: String, _ root: SystemRoot) throws -> [UInt8] {
        for path in ["\(state)/identity/device.key", "\(state)/web.key"] {
            if let bytes = (try? root.content(of: path)) ?? nil, !bytes.isEmpty { return bytes }
        }
        return (0..<32).map { _ in UInt8.random(in: 0 ... .max) }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }

    fileprivate var trimmingQuotes: String { trimmingCharacters(in: CharacterSet(charactersIn: "\"' ")) }
}
