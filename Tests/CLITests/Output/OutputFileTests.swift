import Foundation
import Platform
import Testing

@testable import picli

@Suite("Files that are complete or not there")
struct OutputFileTests {
    private struct Broken: Error {}

    private func write(_ text: String, to path: String, failing: Bool = false) async throws {
        var file = try OutputFile(replacing: path)
        try await file.write { writer in
            try writer.write(text)
            if failing { throw Broken() }
        }
    }

    @Test("a new file has all its bytes, and nothing lies beside it")
    func newFile() async throws {
        let folder = try Folder()
        let text = String(repeating: "0123456789", count: 50_000)
        try await write(text, to: folder.path + "/out.csv")
        #expect(try folder.text("out.csv") == text)
        #expect(try folder.names == ["out.csv"])
    }

    @Test("a failure in between leaves the old file as it was")
    func failure() async throws {
        let folder = try Folder()
        let path = try folder.write("out.csv", "old")
        await #expect(throws: Broken.self) { try await write("new", to: path, failing: true) }
        #expect(try folder.text("out.csv") == "old")
        #expect(try folder.names == ["out.csv"])
    }

    @Test("a symbolic link stays one, and the mode of the file stays")
    func link() async throws {
        let folder = try Folder()
        let path = try folder.write("real.csv", "old")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let link = folder.path + "/link.csv"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.csv")
        try await write("new", to: link)
        #expect(try folder.text("real.csv") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.csv")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a device is written to, not replaced")
    func device() async throws {
        try await write("gone", to: "/dev/null")
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        #expect(type == .typeCharacterSpecial)
    }

    @Test("a folder that is not there is a sentence, not a crash", arguments: ["/nonexistent/out.csv", "/tmp"])
    func nowhere(path: String) async {
        let failure = await #expect(throws: Failure.self) { try await write("x", to: path) }
        #expect(failure?.code == "output.open")
        #expect(failure?.message.hasPrefix("Cannot write \(path): ") == true)
    }

    @Test("a full disk says so")
    func fullDisk() async {
        let failure = await #expect(throws: Failure.self) { try await write("x", to: "/dev/full") }
        #expect(failure?.message == "Cannot write to /dev/full: No space left on device.")
    }
}
