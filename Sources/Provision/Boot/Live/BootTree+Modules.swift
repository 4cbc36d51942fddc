import Platform

extension BootTreeReader {
    /// In the order in which one file takes the place of another of the same name (modules-load.d(5)).
    private static let folders = [
        BootTree.moduleFolder, "/run/modules-load.d", "/usr/local/lib/modules-load.d", "/usr/lib/modules-load.d",
        "/lib/modules-load.d",
    ]

    /// The modules that are there without being asked for.
    func modules() throws(Failure) -> Set<String> {
        // Debian's own file; systemd reads it by a link from /etc/modules-load.d.
        var modules = Set(BootTree.modules(in: try lines("/etc/modules")))
        var seen: Set<String> = []
        for folder in Self.folders {
            for name in names(folder) ?? [] where name.hasSuffix(".conf") && seen.insert(name).inserted {
                modules.formUnion(BootTree.modules(in: try lines("\(folder)/\(name)")))
            }
        }
        return modules.union(try builtIn())
    }

    /// What every kernel that is installed has in itself: any of them may be started.
    private func builtIn() throws(Failure) -> Set<String> {
        var common: Set<String>?
        for kernel in names("/lib/modules") ?? [] {
            // `kernel/drivers/i2c/i2c-dev.ko`, one a line.
            // A kernel that was removed leaves a folder without this file.
            guard let list = try bytes("/lib/modules/\(kernel)/modules.builtin") else { continue }
            let paths = String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline)
            let names = paths.map { $0.split(separator: "/").last?.prefix { $0 != "." } ?? "" }
            let modules = Set(names.map { BootTree.moduleName($0) })
            common = common?.intersection(modules) ?? modules
        }
        return common ?? []
    }

    private func lines(_ path: String) throws(Failure) -> String {
        String(decoding: try bytes(path) ?? [], as: UTF8.self)
    }
}
