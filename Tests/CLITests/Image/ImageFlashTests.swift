import Foundation
import Testing

/// What is told before any disk is touched; writing itself is tried on files.
@Suite("picli image flash")
struct ImageFlashTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.write("x.img", "")
        try folder.write(
            "x.img.json",
            """
            {"schema": 1, "name": "picli", "version": "0.1.0", "architecture": "arm64", "base": "debian",
             "release": "trixie", "file": "x.img", "size": 0, "sha256": "abcd", "packages": 0, "partitions": [],
             "provisioning": {"schema": 1, "partition": "bootconfig", "archive": "picli-card.tar"}}
            """)
        try folder.write("site.yaml", "site: { name: X }\n")
    }

    private func flash(_ arguments: String...) async throws -> Binary.Result {
        let words = ["image", "flash", "\(folder.path)/x.img", "--disk", "\(folder.path)/none"] + arguments
        return try await Binary.run(Binary.path, words + ["--json"])
    }

    private func batch(_ table: String, _ arguments: String...) async throws -> Binary.Result {
        try folder.write("cards.csv", table)
        let words = ["image", "flash", "\(folder.path)/x.img", "--disk", "\(folder.path)/none"]
        return try await Binary.run(
            Binary.path, words + ["--batch", "\(folder.path)/cards.csv", "--json"] + arguments,
            input: Data("\n\n".utf8))
    }

    @Test("what is no disk is told")
    func noDisk() async throws {
        let result = try await flash("--yes")
        #expect(result.status == 64 && result.failure?["code"] as? String == "flash.noDisk", "\(result)")
    }

    @Test("what a card carries stands beside a site file, and is read first")
    func card() async throws {
        #expect(try await flash("--unit", "pi-x").status == 64)
        let result = try await flash("--site", "\(folder.path)/other.yaml")
        #expect((result.failure?["code"] as? String)?.hasPrefix("input.") == true, "\(result)")
        try folder.write("root.crt", "no certificate\n")
        let root = try await flash("--site", "\(folder.path)/site.yaml", "--ca-certificate", "\(folder.path)/root.crt")
        #expect(root.status == 64 && root.failure?["code"] as? String == "certificate.unreadable", "\(root)")
        #expect(try await flash("--ca-certificate", "\(folder.path)/root.crt").status == 64)
    }

    @Test("secrets that no unit could read are told before anything is written, and nothing of them")
    func secrets() async throws {
        for text in ["- hunter2\n", "mail: [hunter2\n", "mail: hunter2\nmail: hunter2\n"] {
            try folder.write("secrets.yaml", text)
            let result = try await flash(
                "--site", "\(folder.path)/site.yaml", "--secrets", "\(folder.path)/secrets.yaml")
            #expect(result.status == 64 && result.failure?["code"] as? String == "secrets.invalid", "\(result)")
            #expect(!result.error.contains("hunter2"))
        }
    }

    @Test(
        "a table is judged as a whole before the first card",
        arguments: [
            ("name\npi-a\n", "cards.csv:1: "), ("unit\npi-a\nNo Name\n", "cards.csv:3: "),
            ("unit\npi-a\npi-a\n", "cards.csv:3: "), ("unit,site\npi-a\n", "cards.csv:2: "),
        ])
    func table(text: String, place: String) async throws {
        let result = try await batch(text, "--site", "\(folder.path)/site.yaml")
        #expect(result.status == 64 && result.failure?["code"] as? String == "batch.invalid", "\(result)")
        #expect((result.failure?["message"] as? String)?.contains(place) == true, "\(result)")
    }

    @Test("a card that fails does not stop the next one, and is told at the end")
    func failures() async throws {
        let result = try await batch("unit\npi-a\npi-b\n", "--site", "\(folder.path)/site.yaml", "--yes")
        #expect(result.failure?["code"] as? String == "batch.someFailed", "\(result)")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let cards = try #require(document?["cards"] as? [[String: Any]])
        #expect(cards.map { $0["unit"] as? String } == ["pi-a", "pi-b"])
        #expect(cards.allSatisfy { $0["code"] as? String == "flash.noDisk" })
        let twice = try await batch("unit\npi-a\n", "--unit", "pi-b")
        #expect(twice.status == 64)
    }
}
