import Glibc
import Platform
import TestSupport
import Testing

@Suite("What stands at a path")
struct FileKindTests {
    @Test("files, folders, links and nothing are told apart")
    func kinds() throws {
        let root = TemporaryDirectory()
        root.write("text", to: "file")
        let path = root.path
        #expect(symlink("\(path)/file", "\(path)/link") == 0)
        #expect(symlink("\(path)/nothing", "\(path)/dangling") == 0)
        #expect(FileKind(of: "\(path)/file") == .regular)
        #expect(FileKind(of: path) == .directory)
        #expect(FileKind(of: "\(path)/link") == .regular)
        #expect(FileKind(of: "\(path)/link", followsLinks: false) == .link)
        #expect(FileKind(of: "\(path)/dangling") == nil)
        #expect(FileKind(of: "\(path)/nothing") == nil)
        #expect(FileKind(of: "/dev/null") == .other)
        #expect(chmod("\(path)/file", 0o640) == 0)
        #expect(FileKind.permissions(of: "\(path)/link") == 0o640)
        #expect(FileKind.permissions(of: "\(path)/nothing") == nil)
    }
}
