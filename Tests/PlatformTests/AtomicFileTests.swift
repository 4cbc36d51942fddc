import Glibc
import Platform
import TestSupport
import Testing

@Suite("Atomic file replacement")
struct AtomicFileTests {
    let directory = TemporaryDirectory()

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        #expect(stat(path, &status) == 0)
        return status.st_mode & 0o7777
    }

    @Test("a new file has the content and the mode, and nothing is left beside it")
    func creates() throws {
        try AtomicFile.replace("\(directory.path)/unit.json", with: Array("{}".utf8), mode: 0o640)
        #expect(try SmallFile.text(at: "\(directory.path)/unit.json") == "{}")
        #expect(mode("\(directory.path)/unit.json") == 0o640)
        #expect(try SmallFile.names(in: directory.path) == ["unit.json"])
    }

    @Test("an older file is replaced as a whole, its mode too")
    func replaces() throws {
        directory.write(String(repeating: "x", count: 100_000), to: "file")
        try AtomicFile.replace("\(directory.path)/file", with: [0, 255], mode: 0o600)
        #expect(try SmallFile.bytes(at: "\(directory.path)/file") == [0, 255])
        #expect(mode("\(directory.path)/file") == 0o600)
    }

    @Test("a reader that has the old file open keeps reading the old content")
    func oldReader() throws {
        directory.write("old", to: "file")
        let reader = try Descriptor(opening: "\(directory.path)/file", O_RDONLY)
        try AtomicFile.replace("\(directory.path)/file", with: Array("new content".utf8))
        var buffer = [UInt8](repeating: 0, count: 20)
        #expect(read(reader.number, &buffer, 20) == 3)
    }

    @Test("a symbolic link is replaced, its target is not touched")
    func symbolicLink() throws {
        directory.write("target", to: "target")
        #expect(symlink("\(directory.path)/target", "\(directory.path)/link") == 0)
        try AtomicFile.replace("\(directory.path)/link", with: Array("new".utf8))
        #expect(try SmallFile.text(at: "\(directory.path)/target") == "target")
        #expect(try SmallFile.text(at: "\(directory.path)/link") == "new")
    }

    @Test("the owner is set before anybody may read it", .enabled(if: geteuid() == 0))
    func owner() throws {
        let path = "\(directory.path)/key"
        try AtomicFile.replace(path, with: [1], mode: 0o400, owner: .init(user: 12_345, group: 54_321))
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_uid == 12_345)
        #expect(status.st_gid == 54_321)
        #expect(mode(path) == 0o400)
    }

    @Test("a directory that is not there gives an error that names it")
    func missingDirectory() {
        #expect {
            try AtomicFile.replace("\(directory.path)/none/file", with: [])
        } throws: { error in
            let error = try #require(error as? SystemError)
            return error.number == ENOENT && error.description.contains("\(directory.path)/none")
        }
    }

    @Test("when the replacement fails, the old file stands and the temporary one is gone")
    func failure() throws {
        // A directory cannot be replaced by a file.
        directory.write("inside", to: "name/inside")
        #expect(throws: SystemError.self) { try AtomicFile.replace("\(directory.path)/name", with: [1]) }
        #expect(try SmallFile.names(in: directory.path) == ["name"])
        #expect(try SmallFile.text(at: "\(directory.path)/name/inside") == "inside")
    }
}
