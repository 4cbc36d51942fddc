import Foundation
import Site
import Testing

@testable import Diagnose

@Suite("Taking out what is private")
struct RedactorTests {
    private static let text = """
        site: { name: Acme Trailer Forty-Two, customer: Acme Mining, latitude: 40.7213, longitude: -111.8901 }
        network:
          unit: 192.168.77.10/24
          router: { address: 192.168.77.1, user: rutadmin }
          camera: { address: 192.168.77.3, name: North Gate }
        notify: { client: ["mailto:jane.doe@acme.example"] }
        """

    private let redactor: Redactor
    private let site: SiteFile

    init() throws {
        let result = SiteFile.parse(Self.text, file: "site.yaml")
        site = try #require(result.value, "\(result.diagnostics)")
        redactor = Redactor(
            site: site.classifiedValues, secrets: ["correct-horse-battery"], others: [("board", "10000000a1b2c3d4")],
            key: [1, 2, 3])
    }

    private func redacted(_ text: String) -> String {
        var counts = Redactor.Counts()
        return redactor.redacted(text, &counts)
    }

    @Test(
        "known values go, wherever they stand and however they are written",
        arguments: [
            ("user RUTADMIN logged in", "RUTADMIN"), ("at acme trailer forty-two today", "forty-two"),
            ("psk is correct-horse-battery.", "horse"), ("serial 10000000A1B2C3D4", "A1B2"),
            ("from 192.168.77.3 port 5", "192.168"), ("lat=40.7213", "40.7213"), ("camera North Gate is up", "Gate"),
            ("mail to jane.doe@acme.example failed", "jane"),
        ])
    func known(text: String, part: String) {
        let clean = redacted(text)
        #expect(!clean.contains(part), "\(clean)")
        #expect(clean.contains("<"))
    }

    @Test(
        "what gives itself away by its form goes too",
        arguments: [
            ("GET http://admin:hunter22@10.1.2.3/x", "hunter22"), ("password=hunter22 rest", "hunter22"),
            ("\"token\": \"abc123def\"", "abc123def"), ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9", "eyJhbGci"),
            ("from bob@home.example", "bob@"), ("station 52:54:00:12:34:56 joined", "52:54"),
            ("peer 203.0.113.77 is gone", "203.0"), ("addr 2001:db8:1::77 up", "2001:db8"),
            ("addr 2001:0:1::77 up", "2001:0"),
            ("IMEI 352099001761481", "3520990"), ("call +15551234567", "5551234"),
            ("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----", "MIGHAg"),
            ("digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "9f86d081"),
        ])
    func formed(text: String, part: String) {
        #expect(!redacted(text).contains(part), "\(redacted(text))")
    }

    @Test(
        "what is nobody's stays",
        arguments: [
            "eth0: link up at 12:34:56", "kernel 6.1.0-18, 127.0.0.1:8080", "value 21.5 °C, 1013.25 hPa",
            "i2c-1 0x48 does not answer", "28-0000075ff6b1", "0.0.0.0", "2026-03-01T12:00:00.000Z",
        ])
    func plain(text: String) { #expect(redacted(text) == text) }

    @Test("the same value is the same token everywhere, and another unit's is another one")
    func tokens() {
        let one = redacted("192.168.77.3 said hello to 192.168.77.3")
        let parts = one.split(separator: " ")
        #expect(parts.first == parts.last)
        let other = Redactor(site: site.classifiedValues, secrets: [], others: [], key: [9])
        var counts = Redactor.Counts()
        #expect(other.redacted("192.168.77.3", &counts) != redacted("192.168.77.3"))
        #expect(counts == .init(secret: 0, personal: 1))
    }

    @Test("names of accounts go, but not as a part of short words, nor where a sensor is called so")
    func users() throws {
        let text = Self.text + "\nsensors: [{ id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }]\n"
        let site = try #require(SiteFile.parse(text, file: "site.yaml").value)
        let redactor = Redactor(
            site: site.classifiedValues, secrets: [], others: [], users: ["anna", "enclosure", "kernel"], key: [1])
        var counts = Redactor.Counts()
        let clean = redactor.redacted("Anna, not Susanna, opened the enclosure: by anna.", &counts)
        #expect(
            clean.wholeMatch(of: /<user:(.{8})>, not Susanna, opened the enclosure: by <user:\1>\./) != nil, "\(clean)")
        #expect(counts == .init(secret: 0, personal: 2))
        #expect(redactor.redacted("by kernel", &counts).hasPrefix("by <user:"))
        // A key of the bundle's own is no leak: otherwise such a unit would have no bundle.
        #expect(redactor.leaks(in: #"{"kernel":"6.1.0"}"#).isEmpty)
    }

    @Test("what is the same on every unit that says nothing of it is nobody's")
    func defaults() throws {
        func user(_ more: String) throws -> SiteFile.ClassifiedValue? {
            let section = "allow: [192.168.77.20/32], auth: one, privacy: two\(more)"
            let result = SiteFile.parse(Self.text + "\ncompatibility: { snmp: { \(section) } }\n", file: "site.yaml")
            let site = try #require(result.value, "\(result.diagnostics)")
            return site.classifiedValues.first { $0.path == "compatibility.snmp.user" }
        }
        let unsaid = try #require(try user(""))
        #expect(unsaid.text == "picli" && unsaid.dataClass == .plain)
        #expect(try user(", user: nms")?.dataClass == .personal)
    }

    @Test("a proof finds what was left, and nothing else")
    func proof() {
        #expect(!redactor.leaks(in: "user rutadmin").isEmpty)
        #expect(!redactor.leaks(in: "-----BEGIN EC PRIVATE KEY-----").isEmpty)
        #expect(redactor.leaks(in: redacted(Self.text)).isEmpty)
        #expect(redactor.leaks(in: "user admin at eth0").isEmpty)
    }

    @Test("every value of a site file has a class, and the written one holds no private value")
    func siteFile() throws {
        let values = site.classifiedValues
        #expect(values.first { $0.path == "site.name" }?.dataClass == .personal)
        #expect(values.first { $0.text.contains("jane.doe") }?.dataClass == .secret)
        var counts = Redactor.Counts()
        let text = site.text { redactor.token($0.text, $0.dataClass, kind: "value", &counts) }
        for part in ["Acme", "192.168", "rutadmin", "North", "jane", "40.72"] {
            #expect(!text.contains(part), "\(text)")
        }
        #expect(counts.secret > 0)
        #expect(counts.personal >= 7)
        #expect(text.contains("interval"))
    }
}

@Suite("The archive of a bundle")
struct ArchiveTests {
    private static let files = [
        Archive.File(name: "a.txt", content: Array("hello\n".utf8)), Archive.File(name: "empty", content: []),
        Archive.File(name: "block", content: [UInt8](repeating: 7, count: 512)),
    ]

    @Test("what is written reads back")
    func roundTrip() throws {
        let bytes = Archive.bytes(of: Self.files, time: 1_772_366_400)
        #expect(bytes.count % 512 == 0)
        #expect(try Archive.files(in: bytes) == Self.files)
    }

    @Test("cut, altered or foreign bytes are refused, and end nothing")
    func garbage() {
        let bytes = Archive.bytes(of: Self.files, time: 0)
        for length in stride(from: 1, to: 1024, by: 37) {
            _ = try? Archive.files(in: Array(bytes.prefix(length)))
        }
        for place in stride(from: 0, to: 512, by: 3) {
            var altered = bytes
            altered[place] ^= 0x15
            #expect(throws: (any Error).self, "\(place)") { try Archive.files(in: altered) }
        }
        #expect(throws: (any Error).self) { try Archive.files(in: [UInt8](repeating: 0x41, count: 2048)) }
    }
}
