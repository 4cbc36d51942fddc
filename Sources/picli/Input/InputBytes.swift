import Glibc
import Platform

/// The bytes of a small file that a person named on the command line; `-` is standard input.
struct InputBytes {
    /// As it is called in messages: the path as typed, or `standard input`.
    let name: String
    let bytes: [UInt8]

    /// Errors: `input.missing`, `input.directory`, `input.denied`, `input.tooLarge`, `input.read`.
    init(_ path: String, limit: Int) throws {
        name = path == "-" ? "standard input" : path
        do {
            bytes =
                path == "-"
                ? try InputText.standardInput(limit: limit + 1) : try SmallFile.bytes(at: path, limit: limit + 1)
        } catch {
            throw InputText.failure(error, name)
        }
        guard bytes.count <= limit else {
            throw Failure(
                "input.tooLarge", "\(name) is larger than \(limit / 1024) KiB.",
                hint: "check that the path is the one you meant", status: .usage)
        }
    }
}
