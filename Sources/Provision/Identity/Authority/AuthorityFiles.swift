import Glibc
import Platform

/// The folder of an authority: `root.crt`, `root.key`, `issuing-2026.crt`, `issuing-2026.key`, `revoked.crl`,
/// `register.sqlite`.
struct AuthorityFiles: Hashable {
    let directory: String

    var register: String { "\(directory)/register.sqlite" }
    var revoked: String { "\(directory)/revoked.crl" }
    var rootList: String { "\(directory)/root.crl" }

    func certificate(_ name: String) -> String { "\(directory)/\(name).crt" }
    func key(_ name: String) -> String { "\(directory)/\(name).key" }

    static func issuing(_ year: String) -> String { "issuing-\(year)" }

    /// The years that have an issuing authority, in their order.
    func years() throws(Failure) -> [String] {
        do throws(SystemError) {
            return try SmallFile.names(in: directory).compactMap { name in
                guard name.hasPrefix("issuing-"), name.hasSuffix(".crt") else { return nil }
                let year = name.dropFirst(8).dropLast(4)
                return year.utf8.count == 4 && year.utf8.allSatisfy { (0x30...0x39).contains($0) } ? String(year) : nil
            }
        } catch {
            throw Failure("ca.unreadable", "The authority in \(directory) cannot be read: \(error.reason).")
        }
    }

    func read(_ path: String) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            return try SmallFile.bytes(at: path)
        } catch {
            throw Failure(
                "ca.unreadable", "A file of the authority cannot be read: \(error).",
                hint: "put it back from your copy, or run this as the user that owns it")
        }
    }

    func write(_ path: String, _ content: [UInt8], mode: UInt32) throws(Failure) {
        do throws(SystemError) {
            try AtomicFile.replace(path, with: content, mode: mode)
        } catch {
            throw Failure("ca.unwritable", "The authority in \(directory) cannot be written: \(error).")
        }
    }

    /// Makes the folder, for its owner alone; one that is there is taken when it is empty, or when making an authority in
    /// it was interrupted.
    func makeDirectory() throws(Failure) {
        if mkdir(directory, 0o700) == 0 {
            chmod(directory, 0o700)
            return
        }
        let error = SystemError(errno, "make \(directory)")
        guard error.number == EEXIST, let names = try? SmallFile.names(in: directory) else {
            throw Failure(
                "ca.unwritable", "The folder of the authority cannot be made: \(error).",
                hint: "name a new folder in one that exists",
                status: [EEXIST, ENOENT, ENOTDIR].contains(error.number) ? .usage : .failed)
        }
        guard !names.contains("root.crt") else {
            throw Failure(
                "ca.exists", "There is an authority in \(directory) already.",
                hint: "picli ca list --ca \(directory), or name another folder", status: .usage)
        }
        let own: Set<String> = ["root.key", "root.crl", "revoked.crl", "register.sqlite", "register.sqlite-journal"]
        guard names.allSatisfy({ own.contains($0) || $0.hasPrefix("issuing-") || $0.hasPrefix(".") }) else {
            throw Failure(
                "ca.notEmpty", "The folder \(directory) holds something else.", hint: "name a new folder",
                status: .usage)
        }
        // Those of an interrupted start were signed by a root that is gone.
        for name in names where name.hasPrefix("issuing-") { unlink("\(directory)/\(name)") }
    }
}
