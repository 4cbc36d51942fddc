import Glibc

/// The kernel that this program runs on.
enum Kernel {
    /// `Linux 6.12.0 aarch64` (uname(2)).
    static func name() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "Linux" }
        return [text(of: name.sysname), text(of: name.release), text(of: name.machine)].joined(separator: " ")
    }

    /// A C string in an array of fixed size.
    private static func text<Characters>(of characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
