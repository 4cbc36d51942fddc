import Glibc
import Platform
import TestSupport
import Testing

@testable import NAS

@Suite("Footage, for who looks at it")
struct FootageArchiveTests {
    private struct Drive {
        let folder = TemporaryDirectory()
        let index: FootageIndex
        let archive: FootageArchive

        init() throws {
            index = try FootageIndex(nil)
            archive = FootageArchive(index, top: folder.path)
        }

        /// What stands at a path is known to the index, whatever it is.
        func know(_ path: String) throws {
            try index.put([Clip(path: path, time: 1, size: 1)], walk: 1, protections: Protections())
        }
    }

    @Test("a clip is read in pieces, and is not open between them")
    func pieces() async throws {
        let drive = try Drive()
        drive.folder.write("0123456789", to: "front/2026/a.mp4")
        try drive.know("front/2026/a.mp4")
        let file = try #require(try await drive.archive.file("front/2026/a.mp4"))
        #expect(file.size == 10)
        #expect(try await drive.archive.bytes(of: file, from: 3, 4) == Array("3456".utf8))
        #expect(try await drive.archive.bytes(of: file, from: 8, 100) == Array("89".utf8))
        let open = try SmallFile.names(in: "/proc/self/fd").compactMap { number -> String? in
            try? SystemRoot().linkTarget(of: "/proc/self/fd/\(number)")
        }
        #expect(!open.contains { $0.hasSuffix("a.mp4") })
        // Another content has taken its place.
        drive.folder.write("ABC", to: "front/2026/a.mp4")
        let error = await #expect(throws: SystemError.self) { try await drive.archive.bytes(of: file, from: 0, 2) }
        #expect(error?.number == ESTALE)
    }

    @Test("what the index does not know is not there, and no link leads out of the drive")
    func outside() async throws {
        let drive = try Drive()
        drive.folder.write("secret", to: "front/hidden.mp4")
        #expect(try await drive.archive.file("front/hidden.mp4") == nil)
        symlink("/etc", "\(drive.folder.path)/front/etc")
        symlink("/etc/passwd", "\(drive.folder.path)/front/clip.mp4")
        mkfifo("\(drive.folder.path)/front/pipe.mp4", 0o660)
        let paths = [
            "front/etc/passwd", "front/clip.mp4", "front/pipe.mp4", "front", "../x", "front/../../x", "", "/etc/passwd",
            "front/gone.mp4",
        ]
        for path in paths {
            try drive.know(path)
            #expect(try await drive.archive.file(path) == nil, "\(path)")
        }
    }
}
