import Platform
import Site
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Provision

/// Random names, of characters that are easily got wrong.
private struct OddText {
    private static let alphabet: [Unicode.Scalar] = Array(
        "abcxyz0189-_.,;:+=<>#/\\\"'`$%&*()[]{}|~!? \t\n\r\u{0}\u{1B}\u{7F}\u{85}\u{A0}äß漢字🚛\u{301}\u{200B}\u{202E}\u{FEFF}\u{E000}\u{10FFFF}"
            .unicodeScalars)

    /// - Parameter plainness: How many of ten characters are of a unit ID.
    static func make(_ random: inout some RandomNumberGenerator, most: Int, plainness: Int) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...most, using: &random) {
            let isPlain = Int.random(in: 0..<10, using: &random) < plainness
            let index =
                isPlain ? Int.random(in: 0..<11, using: &random) : Int.random(in: alphabet.indices, using: &random)
            text.append(alphabet[index])
        }
        return String(text)
    }
}

@Suite("Odd names in certificates")
struct CertificateAuthorityNameTests {
    @Test("whatever a request calls itself, only a unit ID becomes the subject of a unit's certificate")
    func subjects() throws {
        let bench = try IdentityBench()
        let authority = try bench.authority()
        var random = SeededGenerator(seed: 7)
        var subjects: [String] = []
        for round in 0..<400 {
            subjects.append(OddText.make(&random, most: 70, plainness: round.isMultiple(of: 2) ? 10 : 8))
        }
        let orders = try subjects.map { subject in
            SigningOrder(
                request: try SigningRequest.make(subject: subject, names: [], key: SigningKey()), name: subject)
        }
        let outcome = try authority.sign(orders, now: bench.now)
        var signed = 0
        for (subject, result) in zip(subjects, outcome.results) {
            switch result {
            case .success(let certificate):
                signed += 1
                #expect(UnitID(subject) != nil && certificate.chain.leaf.subject == subject)
                #expect(certificate.chain.leaf.uris == ["urn:picli:unit:\(subject)"])
            case .failure(let failure):
                #expect(UnitID(subject) == nil)
                #expect(failure.code == "request.subject")
            }
        }
        #expect(signed > 20 && signed < 380)
        let rows = try authority.entries()
        #expect(rows.allSatisfy { row in row.subject?.unicodeScalars.allSatisfy { $0.isPlain } ?? true })
    }

    @Test("every name that an authority may have makes a root that openssl takes, and comes back as it was")
    func authorities() throws {
        let bench = try IdentityBench()
        var random = SeededGenerator(seed: 7)
        var accepted = 0
        for _ in 0..<400 where accepted < 40 {
            let text = OddText.make(&random, most: 66, plainness: 6)
            guard let name = try? AuthorityName(text) else { continue }
            accepted += 1
            #expect((1...64).contains(text.unicodeScalars.count))
            let root = try AuthorityCertificates.root(name, key: SigningKey(), now: bench.now)
            let chain = try CertificateChain([root])
            let file = try bench.write("root.crt", chain.pem())
            let answer = try IdentityTools.openssl("verify", "-x509_strict", "-CAfile", file, file)
            #expect(answer.status == 0, "\(text.printable): \(answer)")
            let read = try CertificateChain(pem: chain.pem(), name: "root").certificates[0]
            #expect(read.subject.organization?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        }
        #expect(accepted == 40)
    }

    @Test("what is said of an odd name cannot steer a terminal")
    func printable() {
        #expect("a\u{1B}[31mb".printable == "a\\u{1b}[31mb")
        #expect("a\u{202E}b\n".printable == "a\\u{202e}b\\u{a}")
        #expect(String(repeating: "x", count: 81).printable.count == 81)
        #expect("Müller 漢字".printable == "Müller 漢字")
    }

    @Test("a key that is closed again and again is never the same file, and always opens")
    func closing() throws {
        let key = SigningKey()
        let passphrase = try Passphrase("pässwörd 漢字 🚛")
        let files = try (0..<2).map { _ in try EncryptedKey(closing: key, with: passphrase, work: .full).pem() }
        #expect(files[0] != files[1])
        for file in files {
            let opened = try EncryptedKey(pem: file, name: "key").open(with: passphrase, name: "key")
            #expect(opened.fingerprint == key.fingerprint)
        }
    }

    @Test("a closed key that is damaged, or asks for the work of hours, is refused at once")
    func damagedKeys() throws {
        let passphrase = try Passphrase("correct horse battery")
        // The derivation alone is asked: it must not begin.
        for (cost, blockSize, parallelism) in [
            (1 << 30, 8, 1), (1 << 14, 8, 1 << 20), (3, 8, 1), (1, 8, 1), (-2, 8, 1), (1 << 20, 32, 64),
        ] {
            var coder = DER.Serializer()
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    try coder.serialize(ASN1ObjectIdentifier.pbes2)
                    try coder.appendConstructedNode(identifier: .sequence) { coder in
                        try coder.appendConstructedNode(identifier: .sequence) { coder in
                            try coder.serialize(ASN1ObjectIdentifier.scrypt)
                            try coder.appendConstructedNode(identifier: .sequence) { coder in
                                try coder.serialize(ASN1OctetString(contentBytes: [1, 2, 3]))
                                for number in [cost, blockSize, parallelism] { try coder.serialize(number) }
                            }
                        }
                        try coder.appendConstructedNode(identifier: .sequence) { coder in
                            try coder.serialize(ASN1ObjectIdentifier.aes256CBC)
                            try coder.serialize(ASN1OctetString(contentBytes: ArraySlice(repeating: 0, count: 16)))
                        }
                    }
                }
                try coder.serialize(ASN1OctetString(contentBytes: ArraySlice(repeating: 7, count: 32)))
            }
            let pem = PEMDocument(type: "ENCRYPTED PRIVATE KEY", derBytes: coder.serializedBytes).pemString
            let key = try EncryptedKey(pem: Array(pem.utf8), name: "key")
            #expect(failureCode { _ = try key.open(with: passphrase, name: "key") } == "passphrase.wrong")
        }
        var random = SeededGenerator(seed: 7)
        let der = try PEMDocument(
            pemString: String(
                decoding: EncryptedKey(closing: SigningKey(), with: passphrase, work: .full).pem(), as: UTF8.self)
        ).derBytes
        for _ in 0..<3000 {
            var bytes = der
            for _ in 0..<2 { bytes[Int.random(in: 0..<60, using: &random)] = .random(in: 0...255, using: &random) }
            bytes.removeLast(Int.random(in: 0...2, using: &random))
            let pem = PEMDocument(type: "ENCRYPTED PRIVATE KEY", derBytes: bytes).pemString
            // To be read is enough: to be opened costs a second each.
            let code = failureCode { _ = try EncryptedKey(pem: Array(pem.utf8), name: "key") }
            #expect(code == nil || code == "key.unreadable")
        }
    }
}
