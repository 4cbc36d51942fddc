import Foundation
import Testing

@Suite("picli user")
struct UserCommandTests {
    @Test("a password comes from standard input, too, and only its first line counts")
    func standardInput() async throws {
        let folder = try Folder()
        let arguments = ["user", "add", "anna", "--password-file", "-", "--state", folder.path]
        let added = try await Binary.run(Binary.path, arguments, input: Data("four words of hers\nand more\n".utf8))
        #expect(added.status == 0 && added.output.contains("anna"), "\(added)")
        let short = try await Binary.run(Binary.path, arguments, input: Data("short\nand more of it\n".utf8))
        #expect(short.status == 64 && short.error.contains("has 5 characters"), "\(short)")
        let garbage = try await Binary.run(Binary.path, arguments, input: Data([0xFF, 0x0A]))
        #expect(garbage.status == 64 && garbage.error.contains("standard input is not text"), "\(garbage)")
    }
}
