import Glibc
import Platform
import Testing

@Suite("Socket activation", .serialized)
struct SocketActivationTests {
    /// Far from the descriptors of other tests in this process.
    private let first: Int32 = 700

    /// Puts listening sockets where systemd would.
    private func withListeners(_ count: Int32, _ body: () throws -> Void) throws {
        for descriptor in first..<first + count {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            try #require(listen(listener, 1) == 0)
            try #require(dup2(listener, descriptor) == descriptor)
            close(listener)
        }
        defer { (first..<first + count).forEach { close($0) } }
        try body()
    }

    @Test("sockets come with their names, and children do not inherit them")
    func names() throws {
        try withListeners(2) {
            let sockets = try ActivatedSocket.inherited(
                environment: ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "https:http"], process: 7,
                first: first)
            #expect(sockets.map(\.name) == ["https", "http"])
            #expect(sockets.map(\.descriptor) == [700, 701])
            for socket in sockets { #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0) }
        }
    }

    @Test("a socket without a name is called unknown")
    func unnamed() throws {
        try withListeners(1) {
            let sockets = try ActivatedSocket.inherited(
                environment: ["LISTEN_PID": "7", "LISTEN_FDS": "1"], process: 7, first: first)
            #expect(sockets.map(\.name) == ["unknown"])
        }
    }

    @Test("a descriptor that is closed, or no listening socket, is refused with a hint")
    func notASocket() throws {
        let environment = ["LISTEN_PID": "7", "LISTEN_FDS": "1"]
        let file = try Descriptor(opening: "/dev/null", O_RDONLY)
        for descriptor in [first + 50, file.number] {
            #expect {
                _ = try ActivatedSocket.inherited(environment: environment, process: 7, first: descriptor)
            } throws: { error in
                let failure = try #require(error as? Failure)
                return failure.code == "socket.invalid" && failure.hint != nil
            }
        }
    }

    @Test(
        "sockets are taken only when they are passed to this process",
        arguments: [
            [:], ["LISTEN_FDS": "1"], ["LISTEN_FDS": "1", "LISTEN_PID": "1"],
            ["LISTEN_FDS": "0", "LISTEN_PID": "7"], ["LISTEN_FDS": "x", "LISTEN_PID": "7"],
            ["LISTEN_FDS": "-1", "LISTEN_PID": "7"], ["LISTEN_FDS": "99999999999", "LISTEN_PID": "7"],
        ])
    func noSockets(environment: [String: String]) throws {
        #expect(try ActivatedSocket.inherited(environment: environment, process: 7).isEmpty)
    }
}
