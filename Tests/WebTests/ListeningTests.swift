import Glibc
import Platform
import Testing

@testable import Web

@Suite struct ListeningTests {
    @Test(
        "addresses that are served in the clear",
        arguments: ["127.0.0.1:8080", "[::1]:8080", "localhost:80", "127.8.9.1:0"])
    func loopback(_ text: String) throws {
        let address = try ListenAddress(text)
        #expect(address.description == text.replacing("localhost", with: "127.0.0.1"))
    }

    @Test(
        "all others are refused, with what to do",
        arguments: [
            ("0.0.0.0:8080", "listen.not_loopback"), ("192.168.1.10:80", "listen.not_loopback"),
            ("[::]:8080", "listen.not_loopback"), ("8080", "listen.invalid"), (":8080", "listen.invalid"),
            ("127.0.0.1", "listen.invalid"), ("127.0.0.1:99999", "listen.invalid"), ("::1:8080", "listen.invalid"),
            ("example.com:80", "listen.invalid"), ("", "listen.invalid"), ("127.0.0.1:-1", "listen.invalid"),
        ])
    func refused(_ text: String, _ code: String) {
        let failure = #expect(throws: Failure.self) { try ListenAddress(text) }
        #expect(failure?.code == code)
        #expect(failure?.status == .usage)
        #expect(failure?.hint?.contains("--listen 127.0.0.1:") == true)
    }

    @Test("a port in use is told at once, with how to see who has it and another to try")
    func inUse() throws {
        let first = try ListeningSocket.internet(ListenAddress("127.0.0.1:0"))
        guard case .loopback(let address) = first.kind else { return }
        let failure = #expect(throws: Failure.self) { try ListeningSocket.internet(address) }
        #expect(failure?.code == "listen.address_in_use")
        #expect(failure?.message.contains("127.0.0.1:\(address.port)") == true)
        #expect(failure?.hint == "--listen 127.0.0.1:\(address.port + 1), and the rest as before")
        withExtendedLifetime(first) {}
    }

    @Test(
        "clients of other products are listened for where they come from; without IPv6 in the kernel by IPv4",
        arguments: [
            (["127.0.0.1", "127.0.0.9"], ["127.0.0.1"]), (["::1"], ["::1"]), (["192.0.2.7"], ["0.0.0.0"]),
            (["192.0.2.7", "fd00::7"], ["::", "0.0.0.0"]), (["127.0.0.1", "::1"], ["::", "0.0.0.0"]),
        ] as [([String], [String])])
    func foreign(clients: [String], hosts: [String]) {
        #expect(ListeningSocket.hosts(of: clients) == hosts)
    }

    @Test("a socket of both families takes clients of IPv4, whatever the kernel does by default")
    func dual() throws {
        // A kernel without IPv6 has opened the other one.
        let socket = try ListeningSocket.foreign(port: 0, clients: ["192.0.2.7", "fd00::7"], isSecure: false)
        guard case .foreign(let address) = socket.kind, address.host == "::" else { return }
        let descriptor = socket.take()
        defer { close(descriptor) }
        var (only, length) = (CInt(1), socklen_t(MemoryLayout<CInt>.size))
        let asked = getsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &only, &length)
        #expect(asked == 0 && only == 0)
    }

    @Test("a socket that goes out of use frees its port")
    func freed() throws {
        guard case .loopback(let address) = try ListeningSocket.internet(ListenAddress("127.0.0.1:0")).kind else {
            return
        }
        _ = try ListeningSocket.internet(address)
    }

    @Test("the control socket has mode 0660, refuses a second server, and replaces a stale file")
    func control() async throws {
        try await TemporaryFolder.make { folder in
            let path = folder + "/control.sock"
            let first = try ListeningSocket.control(path: path)
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o660)
            let failure = #expect(throws: Failure.self) { try ListeningSocket.control(path: path) }
            #expect(failure?.code == "control.in_use")
            // As after a crash: the file stays, nobody listens.
            close(first.take())
            #expect(lstat(path, &status) == 0)
            let second = try ListeningSocket.control(path: path)
            withExtendedLifetime((first, second)) {}
        }
    }

    @Test("a file in the way is not deleted")
    func inTheWay() async throws {
        try await TemporaryFolder.make { folder in
            let path = folder + "/control.sock"
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            let failure = #expect(throws: Failure.self) { try ListeningSocket.control(path: path) }
            #expect(failure?.code == "control.not_a_socket")
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test("a path that is too long is refused by name, a folder that is missing too")
    func paths() {
        let long = "/tmp/" + String(repeating: "a", count: 120)
        let tooLong = #expect(throws: Failure.self) { try ListeningSocket.control(path: long) }
        #expect(tooLong?.code == "control.path_too_long")
        let missing = #expect(throws: Failure.self) { try ListeningSocket.control(path: "/tmp/picli-no-such/x.sock") }
        #expect(missing?.code == "control.failed")
        #expect(missing?.message.contains("No such file") == true)
    }

    @Test("an opened descriptor is served like one of our own, if it may be")
    func inherited() throws {
        let own = try ListeningSocket.internet(ListenAddress("127.0.0.1:0"))
        let kind = try ListeningSocket.inherited(own.take()).kind
        #expect(kind == own.kind)
        let everywhere = try ListeningSocket.internet(ListenAddress("https://0.0.0.0:0"))
        let open = try ListeningSocket.inherited(everywhere.take())
        #expect(open.kind == everywhere.kind && open.isSecure, "what the network can reach speaks TLS")
        #expect(throws: Failure.self) { try ListeningSocket.inherited(9999) }
    }
}
