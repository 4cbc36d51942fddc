import Site
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "an address is written in its canonical form",
        arguments: [
            ("192.168.1.1", "192.168.1.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"),
            ("::1", "::1"), ("2001:DB8:0:0:0:0:0:10", "2001:db8::10"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("fe80::1:0:0:1", "fe80::1:0:0:1"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("1::", "1::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ])
    func canonical(text: String, expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == expected)
        #expect(IPAddress(expected) == address)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "+1.2.3.4", "1.2.3.-4", "٣.2.3.4", ":",
            ":::", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::",
            "fe80::1%eth0",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "a network contains its own addresses and no others",
        arguments: [
            ("192.168.1.10/24", "192.168.1.255", true), ("192.168.1.10/24", "192.168.2.1", false),
            ("10.0.0.1/0", "203.0.113.9", true), ("10.1.2.3/32", "10.1.2.3", true), ("10.1.2.3/32", "10.1.2.4", false),
            ("10.0.0.130/25", "10.0.0.127", false), ("10.0.0.130/25", "10.0.0.128", true),
            ("2001:db8::1/64", "2001:db8::ffff", true),
            ("2001:db8::1/64", "2001:db8:0:1::1", false), ("0.0.0.0/0", "::1", false),
        ])
    func contains(network: String, address: String, expected: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(address))) == expected)
    }

    @Test("a network knows its first and last address")
    func bounds() throws {
        let network = try #require(IPNetwork("192.168.17.10/20"))
        #expect(network.first.description == "192.168.16.0")
        #expect(network.last.description == "192.168.31.255")
        #expect(!network.isSingleAddress)
        #expect(try #require(IPNetwork("::1/128")).isSingleAddress)
    }

    @Test(
        "a length that cannot be is none",
        arguments: ["1.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "::/129", "1.2.3.4/24/24", "/24"])
    func lengths(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(
        "address and port",
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:443", "[::1]:443"), ("::1:443", nil), ("127.0.0.1", nil),
            ("127.0.0.1:0", nil),
            ("127.0.0.1:65536", nil), ("[127.0.0.1]:80", nil), ("127.0.0.1:+80", nil), ("localhost:80", nil),
        ] as [(String, String?)])
    func sockets(text: String, expected: String?) {
        #expect(SocketAddress(text)?.description == expected)
    }

    @Test(
        "a service's URL has a host, and never a password",
        arguments: [
            ("mqtts://fleet.example:8883", "mqtts://fleet.example:8883"),
            ("HTTPS://hooks.example/a?b=c#d", "https://hooks.example/a?b=c#d"),
            ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"), ("https://", nil), ("https://a b/", nil),
            ("https://user:pass@host/", nil), ("https://user@host", nil), ("//host", nil), ("https://host:99999", nil),
            ("https://host:/", nil),
            ("https://-host/", nil), ("https://1.2.3/", nil), ("https://host/\"", nil), ("1https", nil),
        ] as [(String, String?)])
    func urls(text: String, expected: String?) {
        #expect(ServiceURL(text)?.description == expected)
    }
}
