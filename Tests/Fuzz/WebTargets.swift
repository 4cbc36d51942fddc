import Foundation
import Site

@testable import Web

extension FuzzTarget {
    static let web = [
        FuzzTarget(name: "repeated-member") {
            [
                #"{"name":"anna","role":"viewer","password":"four words"}"#, #"{"a":1,"\u0061":2}"#,
                #"{"a":{"b":1,"c":[{"b":2},{"b":"\",\""}]},"b":null}"#, #"[1,"a","a",{"":"","":""}]"#,
            ].map { Array($0.utf8) }
        } read: { bytes in
            _ = RepeatedMember.name(in: bytes)
            // What is a string of JSON can be a name: beside a longer one it is found once, beside itself twice.
            let (open, close) = (Array("[\"".utf8), Array("\"]".utf8))
            guard (try? JSONDecoder().decode([String].self, from: Data(open + bytes + close)))?.count == 1 else {
                return
            }
            func object(_ names: [UInt8]...) -> [UInt8] {
                let members = names.flatMap { name -> [UInt8] in
                    Array("\"".utf8) + name + Array("\":[{},\"".utf8) + bytes + Array("\"],".utf8)
                }
                return Array("{".utf8) + members + Array("\"".utf8) + bytes + Array("b\":0}".utf8)
            }
            let longer = bytes + Array("a".utf8)
            require(RepeatedMember.name(in: object(bytes, longer)) == nil, "what is there once is found")
            require(RepeatedMember.name(in: object(bytes, longer, bytes)) != nil, "what is there twice is not found")
        },
        FuzzTarget(name: "form") {
            ["name=anna&password=four+words+of+hers&next=%2Flogs", "a=%C3%A9&b&=c&d=%zz"].map { Array($0.utf8) }
        } read: { bytes in
            let text = text(bytes)
            _ = Form(text)["name"]
            for (name, value) in FormText.pairs(of: text) {
                for part in [name, value] {
                    require(
                        FormText.decoded(Substring(FormText.encoded(part)).utf8) == part, "\(part) comes back otherwise"
                    )
                }
            }
        },
        FuzzTarget(name: "credentials") {
            [
                "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Basic YW55OkFBQUE=",
                "a=b; __Host-picli=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; c", "[2001:db8::1]:443",
                "unit.example:8443", AccessSecret().text,
            ].map { Array($0.utf8) }
        } read: { bytes in
            let text = text(bytes)
            if let token = Credentials.token(of: text) { _ = AccessSecret(token) }
            if let session = Credentials.session(of: [text, "other=\(text)"]) { _ = AccessSecret(session) }
            if let secret = AccessSecret(text) {
                // The last of 43 digits has two bits that do not count.
                require(AccessSecret(secret.text) == secret, "a secret comes back otherwise")
            }
            if let host = HostCheck.host(of: text) { require(!host.contains("/"), "\(host) is no host") }
            _ = HostCheck(names: [text]).admits(text)
            _ = IPAddress(text).map { LoginNetwork($0) }
            _ = try? ListenAddress(text)
            let problem = Problem.notFound(text).json
            require(!problem.contains { $0 < 0x20 }, "a control character in JSON")
        },
        FuzzTarget(name: "password-hash") {
            [
                "$scrypt$ln=14,r=8,p=5$c2FsdHNhbHRzYWx0c2FsdA$a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U",
                "$scrypt$ln=1,r=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5a2V5",
            ].map { Array($0.utf8) }
        } read: { bytes in
            guard let hash = PasswordHash(text(bytes)) else { return }
            require(PasswordHash(hash.text) == hash, "the text reads otherwise")
            // What is read has to be affordable; what is cheap is paid for, too.
            require(hash.cost.work <= 1 << 22, "a cost of \(hash.cost.work)")
            if hash.cost.work < 1 << 8 { _ = try? hash.matches("four words of hers") }
        },
    ]
}
