import Provision
import Site
import Testing

@Suite("Setup tokens")
struct LabelTokenTests {
    /// A generator of nothing.
    private struct Zeros: RandomNumberGenerator {
        func next() -> UInt64 { 0 }
    }

    @Test("a thousand tokens differ, read back, and each of their 128 bits is as often set as not")
    func random() {
        let tokens = (0..<1000).map { _ in SetupToken() }
        #expect(Set(tokens.map(\.compactText)).count == 1000)
        #expect(tokens.allSatisfy { SetupToken($0.text) == $0 && SetupToken($0.compactText) == $0 })
        var counts = [Int](repeating: 0, count: 128)
        for token in tokens {
            for (index, bit) in bits(of: token).enumerated() where bit { counts[index] += 1 }
        }
        // 500 ± 16 each; seven times that is passed by chance once in a billion runs.
        #expect(counts.allSatisfy { (390...610).contains($0) }, "\(counts)")
        let total = counts.reduce(0, +)
        // 64,000 ± 179.
        #expect((62_700...65_300).contains(total), "\(total)")
    }

    /// The secret, out of the printed form: 5 bits a character, the first 128.
    private func bits(of token: SetupToken) -> [Bool] {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let bits = token.compactText.flatMap { character -> [Bool] in
            let value = alphabet.firstIndex(of: character) ?? -1
            return [16, 8, 4, 2, 1].map { value & $0 != 0 }
        }
        return Array(bits.prefix(128))
    }

    @Test("neighbours of a token differ in all of it: it says nothing of the one before")
    func unrelated() {
        let tokens = (0..<200).map { _ in bits(of: SetupToken()) }
        for (left, right) in zip(tokens, tokens.dropFirst()) {
            let different = zip(left, right).filter { $0 != $1 }.count
            // 64 ± 5.7.
            #expect((20...108).contains(different))
        }
    }

    @Test("a token is seven groups of four characters that nobody mistakes for another")
    func form() {
        let token = SetupToken()
        #expect(token.text.count == 34)
        #expect(token.groups.count == 7 && token.groups.allSatisfy { $0.count == 4 })
        #expect(token.compactText == token.groups.joined())
        #expect(!token.text.contains { "ILOU".contains($0) || $0.isLowercase })
    }

    @Test("what a person makes of it while typing is understood")
    func tolerance() throws {
        // One with a 0 and a 1 in it.
        let token = try #require(
            (0..<1000).lazy.map { _ in SetupToken() }.first { $0.text.contains("0") && $0.text.contains("1") })
        let zeros = token.text.replacing("0", with: "O")
        for text in [
            token.text.lowercased(), token.compactText, " \(token.text)\n", token.text.replacing("-", with: " "),
            token.text.replacing("-", with: " – "), zeros, zeros.lowercased(), token.text.replacing("1", with: "I"),
            token.text.replacing("1", with: "l"), token.text.replacing("-", with: "\u{A0}"),
        ] {
            #expect(SetupToken(text) == token, "\(text)")
        }
    }

    @Test("a wrong, missing, doubled or swapped character is a slip, not another token")
    func slips() {
        let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        var slips = 0
        var unseen = 0
        for _ in 0..<20 {
            let token = SetupToken()
            let characters = Array(token.compactText)
            #expect(SetupToken(String(characters.dropLast())) == nil)
            #expect(SetupToken(String(characters) + "0") == nil)
            for index in characters.indices {
                for other in alphabet where other != characters[index] {
                    var typed = characters
                    typed[index] = other
                    slips += 1
                    if let read = SetupToken(String(typed)) {
                        unseen += 1
                        #expect(read != token)
                    }
                }
            }
        }
        // One in 4,096 is not seen: about 4 of 17,360.
        #expect(unseen < 25, "\(unseen) of \(slips)")
    }

    @Test(
        "what is no token is refused",
        arguments: [
            "", "-", " ", "0", "U123-4567", "7K3M-92QF", String(repeating: "0", count: 28),
            String(repeating: "0", count: 10_000),
            String(repeating: "-", count: 10_000), String(repeating: "U", count: 28), "＃", "🙂🙂🙂🙂🙂🙂🙂",
            "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧", "https://192.168.1.10/setup#7K3M92QF", "\u{0}\u{1}\u{2}",
            String(repeating: "é", count: 28), "7K3M-92QF-7K3M-92QF-7K3M-92QF-7K3*",
        ])
    func garbage(text: String) { #expect(SetupToken(text) == nil) }

    @Test("random texts are refused")
    func noise() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(SetupToken(String(decoding: bytes, as: UTF8.self)) == nil)
        }
    }

    @Test("the store's hash is SHA-256 of the 16 bytes, and tells this token from all others")
    func hash() {
        var zeros = Zeros()
        let token = SetupToken(random: &zeros)
        // Computed with Python's hashlib; the check at the end, too.
        #expect(token.text == "0000-0000-0000-0000-0000-0000-00E1")
        #expect(
            token.hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                == "374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb")
        #expect(token.matches(hash: token.hash))
        #expect(!token.matches(hash: SetupToken().hash))
        #expect(!token.matches(hash: []))
        #expect(!token.matches(hash: token.hash.dropLast()))
        #expect(!token.matches(hash: token.hash + [0]))
        for index in 0..<32 {
            var other = token.hash
            other[index] ^= 1
            #expect(!token.matches(hash: other))
        }
    }

    @Test("a token that is printed, dumped or mirrored does not show")
    func hidden() throws {
        let token = SetupToken()
        let unit = try #require(UnitID("pi-7k3m92qf"))
        let address = try #require(IPAddress("192.168.1.10"))
        let label = LabelContent(unit: unit, site: "Trailer", page: PageAddress(address: address), token: token)
        let secrets = SheetSecrets(cameras: ["camera": "correct horse"])
        var dumped =
            "\(token) \(String(describing: token)) \(String(reflecting: token)) \(label) \(secrets) \(Optional(token) as Any)"
        dump(token, to: &dumped)
        dump(label, to: &dumped)
        dump(secrets, to: &dumped)
        #expect(token.description == "SetupToken(hidden)")
        #expect(Mirror(reflecting: token).children.isEmpty)
        for hidden in token.groups + [token.compactText, "correct horse", "\(token.hash)"] {
            #expect(!dumped.contains(hidden))
        }
    }

    @Test("the token stands in the fragment of the setup address, which no browser sends")
    func address() throws {
        let unit = try #require(UnitID("pi-7k3m92qf"))
        let token = SetupToken()
        let four = try #require(IPAddress("192.168.1.10"))
        let six = try #require(IPAddress("fd00::10"))
        var label = LabelContent(unit: unit, site: "Trailer", page: PageAddress(address: four), token: token)
        #expect(label.setupURL == "https://192.168.1.10/setup#\(token.compactText)")
        #expect(label.pageURL == "https://192.168.1.10/setup")
        #expect(label.isSecret)
        label.page = PageAddress(address: six, port: 8443)
        #expect(label.setupURL == "https://[fd00::10]:8443/setup#\(token.compactText)")
        label.token = nil
        #expect(label.setupURL == "https://[fd00::10]:8443/")
        #expect(!label.isSecret)
        #expect(PageAddress(name: "unit.example") != nil)
        for name in ["", "a b", "a/b", "a#b", "a\"b", "ä", "a:1", String(repeating: "a", count: 254)] {
            #expect(PageAddress(name: name) == nil, "\(name)")
        }
    }

    @Test("a page is found at the fixed address, else at its name, else at the unit's host name")
    func page() throws {
        let unit = try #require(UnitID("pi-7k3m92qf"))
        func url(_ site: String) throws -> String {
            let site = try #require(SiteFile.parse(site).value)
            return LabelContent(unit: unit, site: "", page: PageAddress(site: site, unit: unit)).pageURL
        }
        #expect(
            try url("site: {name: A}\nnetwork: {unit: 10.0.0.5/24}\nweb: {names: [a.example]}") == "https://10.0.0.5/")
        #expect(
            try url("site: {name: A}\nweb: {names: [a.example], listen: \"0.0.0.0:8443\"}") == "https://a.example:8443/"
        )
        #expect(try url("site: {name: A}\nweb: {listen: \"127.0.0.1:8080\"}") == "https://pi-7k3m92qf/")
    }

    @Test("a fingerprint is read with and without colons, and written as browsers do")
    func fingerprint() throws {
        let digits = String(repeating: "0a", count: 31) + "ff"
        let fingerprint = try #require(CertificateFingerprint(digits))
        #expect(fingerprint.description == String(repeating: "0A:", count: 31) + "FF")
        #expect(CertificateFingerprint(fingerprint.description) == fingerprint)
        #expect(CertificateFingerprint("sha256:" + digits) == fingerprint)
        #expect(fingerprint.lines(8).count == 4)
        #expect(fingerprint.lines(8).joined(separator: ":") == fingerprint.description)
        // SHA-256 of nothing (FIPS 180-4).
        #expect(CertificateFingerprint(certificate: []).description.hasPrefix("E3:B0:C4:42:98:FC:1C:14:9A:FB"))
        for text in [
            "", "sha256:", String(digits.dropLast()), digits + "0", digits.replacing("f", with: "g"),
            fingerprint.description.replacing(":", with: "-"), String(repeating: "+1", count: 32),
            String(repeating: "٠", count: 32), String(repeating: ":", count: 95),
        ] {
            #expect(CertificateFingerprint(text) == nil, "\(text)")
        }
    }
}
