import FoundationEssentials
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

/// Labels and sheets as these tests make them: the same each time.
enum LabelFixtures {
    static let runner = LinuxCommandRunner()

    /// Counts up, so that a golden file can hold a token.
    struct Counting: RandomNumberGenerator {
        var state: UInt64 = 0

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return state
        }
    }

    static func token() -> SetupToken {
        var random = Counting()
        return SetupToken(random: &random)
    }

    static func content(site: String = "Trailer 42", unit: String = "pi-7k3m92qf") throws -> LabelContent {
        LabelContent(
            unit: try #require(UnitID(unit)), site: site,
            page: PageAddress(address: try #require(IPAddress("192.168.1.10"))), token: token(),
            fingerprint: CertificateFingerprint(certificate: Array("certificate".utf8)), mac: "2c:cf:67:a1:b2:c3",
            boardSerial: "10000000a1b2c3d4")
    }

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func trailer() throws -> SiteFile {
        let result = SiteFile.parse(bytes: try SmallFile.bytes(at: "\(repository)/Examples/trailer.yaml"))
        return try #require(result.value, "\(result.errors.map(\.description))")
    }

    /// Compares with a file of `Fixtures/label`; what differs is left in `.build/golden`, to be looked at and copied when
    /// it is the better answer.
    static func matches(_ text: String, _ name: String) throws -> Bool {
        let path = "\(repository)/Tests/ProvisionTests/Fixtures/label/\(name)"
        if let golden = try? SmallFile.bytes(at: path), golden == Array(text.utf8) { return true }
        let folder = "\(repository)/.build/golden"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.replace("\(folder)/\(name)", with: Array(text.utf8))
        return false
    }

    /// What a scanner reads.
    static func scanned(_ picture: [UInt8]) async throws -> String {
        let directory = TemporaryDirectory()
        try AtomicFile.replace("\(directory.path)/label.png", with: picture)
        let result = try await runner.run(
            Command(
                "zbarimg",
                ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "\(directory.path)/label.png"]))
        return result.text.hasSuffix("\n") ? String(result.text.dropLast()) : result.text
    }

    /// What a browser makes of a text in well-formed XML: every text element, in order.
    static func texts(_ xml: String) async throws -> [String] {
        let script = """
            import sys, json, xml.etree.ElementTree as tree
            root = tree.fromstring(sys.stdin.buffer.read())
            print(json.dumps([e.text for e in root.iter() if e.tag.endswith("}text")]))
            """
        let result = try await runner.run(Command("python3", ["-c", script], input: Array(xml.utf8)))
        return try JSONDecoder().decode([String].self, from: Data(result.output))
    }
}
