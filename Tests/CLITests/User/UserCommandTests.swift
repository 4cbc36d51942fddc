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

    @Test(
        "a password on the list of the common ones is refused, with digits around it and twice over as well",
        arguments: ["password1234", "1234PASSWORD!", "rainbowrainbow"])
    func common(password: String) async throws {
        let folder = try Folder()
        let refused = try await Binary.run(
            Binary.path, ["user", "add", "anna", "--password-file", "-", "--state", folder.path],
            input: Data("\(password)\n".utf8))
        #expect(refused.status == 64 && refused.error.contains("Four words that do not belong together"), "\(refused)")
        #expect(!refused.error.contains(password) && !refused.output.contains(password))
    }
}
