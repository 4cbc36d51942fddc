import Glibc

/// A program that this process talks to by a socket, which is the program's standard input, and that ends with it.
public final class HelperProcess {
    private let descriptor: Descriptor
    private let process: pid_t

    /// Starts it, with no environment but this one, and with no signal blocked.
    ///
    /// - Throws: `SystemError` of socketpair(2) or posix_spawn(3).
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws(SystemError) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            throw SystemError(errno, "make a pair of sockets")
        }
        descriptor = Descriptor(owning: pair[0])
        let theirs = Descriptor(owning: pair[1])
        process = try Self.spawn(program, arguments, environment, input: theirs.number)
    }

    /// It ends by that; one that the kernel holds is not waited for.
    deinit {
        shutdown(descriptor.number, Int32(SHUT_RDWR))
        // At most 20 ms, and in a deinitializer: nothing can be awaited here.
        for _ in 0..<20 where waitpid(process, nil, WNOHANG) == 0 { usleep(1000) }
    }

    public var socket: Int32 { descriptor.number }

    /// - Throws: `SystemError` EPIPE when it has ended.
    public func send(_ bytes: [UInt8]) throws(SystemError) { try Self.send(bytes, to: socket) }

    /// Sends everything; without the signal of a broken pipe.
    public static func send(_ bytes: [UInt8], to socket: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "send") }
            rest = rest.dropFirst(count)
        }
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], input: Int32
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        // Threads that may block have all signals blocked.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var pairs: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + pairs { free(word) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, program, &actions, &attributes, &words, &pairs)
        guard result == 0 else { throw SystemError(result, "start \(program)") }
        return process
    }
}
