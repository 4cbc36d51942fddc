import Foundation
import Testing

/// What `make bench-image` measures picli beside.
@Suite("The peer of picli image build")
struct ImageBenchmarkTests {
    private static let tree = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let script = """
        import json, sys
        sys.path.insert(0, sys.argv[1])
        import image
        print(json.dumps(image.plain_command(sys.stdin.read(), "/plain.tar")))
        """

    @Test("is mmdebstrap with the same packages of the same archive, and with nothing that is picli's own")
    func plain() async throws {
        let plan = try Data(
            contentsOf: Self.tree.appending(path: "Tests/ProvisionTests/Fixtures/image/debian-amd64.txt"))
        let result = try await Binary.run(
            "/usr/bin/python3", ["-B", "-c", Self.script, Self.tree.appending(path: "Benchmarks").path], input: plan)
        #expect(result.status == 0, "\(result)")
        let words = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String])
        #expect(words.first == "mmdebstrap" && words.contains("bookworm") && words.contains("/plain.tar"))
        #expect(words.contains { $0.hasPrefix("--include=") && $0.contains(",linux-image-amd64,") })
        #expect(words.filter { $0.hasPrefix("deb [signed-by=") }.count == 3)
        #expect(!words.contains { $0.hasPrefix("--dpkgopt") || $0.contains("seed.tar") })
    }
}
