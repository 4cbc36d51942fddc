import Glibc
import Platform
import Testing

@Suite("Socket activation", .serialized)
struct SocketActivationTests {
    /// Puts listening sockets side by side, where nobody else in this process has a descriptor.
    private func withListeners(_ count: Int32, _ body: (_ first: Int32) throws -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        try #require(listen(listener, 1) == 0)
        var numbers: [Int32] = []
        defer { numbers.forEach { close($0) } }
        while numbers.count < count {
            let next = fcntl(listener, F_DUPFD, (numbers.last ?? 299) + 1)
            try #require(next >= 0)
            if let last = numbers.last, next != last + 1 {
                numbers.forEach { close($0) }
                numbers = []
            }
            numbers.append(next)
        }
        try body(numbers[0])
    }

    @Test("sockets come with their names, and children do not inherit them")
    func names() throws {
        try withListeners(2) { first in
            let sockets = try ActivatedSocket.inherited(
                environment: ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "https:http"], process: 7,
                first: first)
            #expect(sockets.map(\.name) == ["https", "http"])
            #expect(sockets.map(\.descriptor) == [first, first + 1])
            for socket in sockets { #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0) }
        }
    }

    @Test("a socket without a name is called unknown")
    func unnamed() throws {
        try withListeners(1) { first in
            let sockets = try ActivatedSocket.inherited(
                environment: ["LISTEN_PID": "7", "LISTEN_FDS": "1"], process: 7, first: first)
            #expect(sockets.map(\.name) == ["unknown"])
        }
    }

    @Test("a descriptor that is closed, or no listening socket, is refused with a hint")
    func notASocket() throws {
        let environment = ["LISTEN_PID": "7", "LISTEN_FDS": "1"]
        let file = try Descriptor(opening: "/dev/null", O_RDONLY)
        for descriptor in [Int32.max, file.number] {
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
