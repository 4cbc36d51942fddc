import Foundation
import Site
import Testing

@testable import Web

@Suite("Passwords") struct PasswordTests {
    private static let cheap = PasswordHash.Cost(logarithm: 4, blockSize: 1, parallelism: 1)

    /// `hashlib.scrypt(b"pleaseletmein", salt=b"SodiumChloride", n=16384, r=8, p=1, dklen=64)`: RFC 7914, 12.
    @Test("the example of RFC 7914 is what scrypt gives")
    func vector() throws {
        let digits = """
            7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
            d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
            """
        let key = stride(from: 0, to: 128, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
        let text = "$scrypt$ln=14,r=8,p=1$\(base64(Array("SodiumChloride".utf8)))$\(base64(key))"
        let hash = try #require(PasswordHash(text))
        #expect(try hash.matches("pleaseletmein") && !hash.matches("pleaseletmeIn"))
        #expect(hash.text == text)
    }

    private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString().replacing("=", with: "") }

    @Test("a hash survives being text, and shows nothing of itself")
    func text() throws {
        let hash = try PasswordHash(of: "correct horse battery", cost: Self.cheap)
        let read = try #require(PasswordHash(hash.text))
        #expect(read == hash)
        #expect(try read.matches("correct horse battery") && !read.matches("correct horse batterz"))
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=1,p=1$"))
        #expect("\(hash)" == "PasswordHash(hidden)" && !String(reflecting: hash).contains("$"))
        #expect(try PasswordHash(of: "correct horse battery", cost: Self.cheap) != hash, "every hash has its own salt")
        #expect(hash.isCheaper(than: .standard) && !hash.isCheaper(than: Self.cheap))
    }

    @Test(
        "garbage is no hash, and none that would take the unit's memory",
        arguments: [
            "", "$", "plain", "$scrypt$", "$scrypt$ln=4,r=1,p=1$AAAA", "$scrypt$ln=4,r=1,p=1$$", "$argon2id$v=19$a$b$c",
            "$scrypt$ln=30,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=-1,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=14,r=8,p=99999999999999999999$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$r=8,ln=14,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func garbage(_ text: String) { #expect(PasswordHash(text) == nil) }

    @Test(
        "which passwords are taken",
        arguments: [
            ("four words of hers", nil), ("short", "5 characters"), (String(repeating: "long ", count: 26), "128"),
            ("aaaaaaaaaaaaaaa", "over and over"), ("Password12345!", "tried first"), ("passwordpassword", "twice"),
            ("dragon123456", "tried first"),
            ("738291640528", "digits only"),
            ("anna's garden wall", "user's name"), ("пароль от гаража", nil), ("            ", "over and over"),
        ] as [(String, String?)])
    func rule(_ password: String, _ objection: String?) throws {
        let rule = PasswordRule { $0.intersection(["password", "dragon"]) }
        let found = rule.objection(to: password, of: try #require(UserName("anna")))
        if let objection {
            #expect(found?.contains(objection) == true, "\(found ?? "nil")")
        } else {
            #expect(found == nil)
        }
    }
}

@Suite("Codes of a second factor") struct TimedCodeTests {
    /// RFC 6238, appendix B, of whose eight digits these are the last six.
    @Test(
        "the examples of RFC 6238",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func vectors(_ time: Int64, _ code: String) {
        let factor = TimedCode(secret: Array("12345678901234567890".utf8))
        #expect(factor.code(time / 30) == code)
        #expect(factor.step(of: code, at: time, after: nil) == time / 30)
    }

    @Test("a code counts a step early and late, once, and none before it any more")
    func steps() {
        let factor = TimedCode(secret: Array("12345678901234567890".utf8))
        let step: Int64 = 37_037_037
        for offset: Int64 in [-30, 0, 30] {
            #expect(factor.step(of: "050471", at: 1_111_111_111 + offset, after: nil) == step)
        }
        for offset: Int64 in [-90, 90] {
            #expect(factor.step(of: "050471", at: 1_111_111_111 + offset, after: nil) == nil)
        }
        #expect(factor.step(of: "050471", at: 1_111_111_111, after: step) == nil)
        for garbage in ["", "05047", "0504711", "abcdef", "٠٥٠٤٧١"] {
            #expect(factor.step(of: garbage, at: 1_111_111_111, after: nil) == nil)
        }
    }

    /// RFC 4648, 10.
    @Test("a secret is shown in base 32", arguments: [("foobar", "MZXW6YTBOI"), ("fooba", "MZXW6YTB"), ("f", "MY")])
    func base32(_ secret: String, _ text: String) { #expect(TimedCode(secret: Array(secret.utf8)).text == text) }
}
