import Foundation
import Testing

/// What make-deb asks where dpkg-shlibdeps cannot be asked: of a program for another architecture.
@Suite("The libraries of a program for another architecture")
struct LibraryPackagesTests {
    private static let tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// As readelf of binutils tells of a picli for a Pi; the library stands where `LIBRARY` is.
    private static let readelf = """
        #!/bin/sh
        case "$*" in
        *--version-info*) cat <<'TEXT'
          0x0010:   Name: GLIBC_2.17  Flags: none  Version: 20
          0x0020:   Name: GLIBC_2.38  Flags: none  Version: 14
          0x0030:   Name: GLIBC_2.9  Flags: none  Version: 7
          0x0040:   Name: GCC_3.0  Flags: none  Version: 12
          0x0050:   Name: GLIBCXX_3.4.30  Flags: none  Version: 11
          0x0060:   Name: ZLIB_1.2.0  Flags: none  Version: 5
        TEXT
        ;;
        *--dynamic*) cat <<'TEXT'
         0x0000000000000001 (NEEDED)             Shared library: [LIBRARY]
         0x0000000000000001 (NEEDED)             Shared library: [libsqlite3.so.0]
         0x0000000000000001 (NEEDED)             Shared library: [libz.so.1]
         0x0000000000000001 (NEEDED)             Shared library: [libm.so.6]
         0x0000000000000001 (NEEDED)             Shared library: [libstdc++.so.6]
         0x0000000000000001 (NEEDED)             Shared library: [libgcc_s.so.1]
         0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
         0x0000000000000001 (NEEDED)             Shared library: [ld-linux-aarch64.so.1]
        TEXT
        ;;
        esac

        """

    private func packages(with library: String) async throws -> Binary.Result {
        let folder = try Folder()
        let readelf = try folder.write("readelf", Self.readelf.replacing("LIBRARY", with: library))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: readelf)
        return try await Binary.run(
            Self.tree.appending(path: "Scripts/library-packages").path, ["program"],
            environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
    }

    @Test("each is in a package of Debian, in the version that its symbols came with")
    func known() async throws {
        let result = try await packages(with: "libmodbus.so.5")
        #expect(result.status == 0, "\(result)")
        #expect(
            result.output == """
                libc6 (>= 2.38), libgcc-s1 (>= 3.0), libmodbus5 (>= 3.1.4), libsqlite3-0, libstdc++6 (>= 12), \
                zlib1g (>= 1:1.2.0)

                """)
    }

    @Test("one that nobody has named is told, and makes no package")
    func unknown() async throws {
        let result = try await packages(with: "libnew.so.1")
        #expect(result.error.contains("asks for libnew.so.1"), "\(result)")
        #expect(result.status != 0)
    }

    @Test("what a module of ours links is known to it, and is in the cross compiler's root")
    func modules() throws {
        func text(_ path: String) throws -> String {
            try String(contentsOf: Self.tree.appending(path: path), encoding: .utf8)
        }
        let sources = try FileManager.default.contentsOfDirectory(atPath: Self.tree.appending(path: "Sources").path)
        let maps = sources.compactMap { try? text("Sources/\($0)/module.modulemap") }
        let libraries = maps.flatMap { $0.matches(of: /link "([^"]+)"/).map { String($0.output.1) } }
        #expect(libraries.contains("modbus"))
        let script = try text("Scripts/library-packages")
        for library in libraries { #expect(script.contains("\n        lib\(library).so."), "\(library)") }
        let root = try text("image/sdk/sysroot.packages").split(separator: "\n")
        let named = try text("Package.swift").matches(of: /\.apt\(\["([^"]+)"\]\)/).map(\.output.1)
        #expect(named.count == libraries.count)
        for package in named { #expect(root.contains(package), "\(package)") }
    }
}
