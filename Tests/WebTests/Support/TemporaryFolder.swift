import Glibc

/// A folder that is gone after the test.
enum TemporaryFolder {
    static func make<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        var template = Array("/tmp/picli-web-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXFailure(errno) }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { remove(path) }
        return try await body(path)
    }

    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { unlink(path + "/" + name) }
            }
            closedir(directory)
        }
        rmdir(path)
    }
}

struct POSIXFailure: Error, CustomStringConvertible {
    let description: String
    init(_ number: CInt) { description = String(cString: strerror(number)) }
}
