import Foundation

/// Commands in the machine, over ssh on a loopback port that only this machine's QEMU holds.
struct Shell: Sendable {
    private let options: [String]
    private let target: String
    /// The connection that all commands share.
    private let master: Child

    init(port: Int, key: URL, run: URL, user: String = "root") async throws {
        target = "\(user)@127.0.0.1"
        options = [
            "-q", "-F", "none", "-i", key.path, "-p", "\(port)", "-o", "BatchMode=yes", "-o",
            "StrictHostKeyChecking=no", "-o",
            // The default key exchange costs an emulated processor a second.
            "KexAlgorithms=curve25519-sha256", "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=20", "-o",
            "ControlPath=\(run.path)/ssh.sock",
        ]
        let log = run.appending(path: "ssh.log")
        master = try await Child.start(
            ["setpriv", "--pdeathsig", "KILL", "ssh"] + options + ["-M", "-N", target], log: log)
        try await eventually("ssh answers", within: .seconds(30)) {
            FileManager.default.fileExists(atPath: "\(run.path)/ssh.sock")
        }
    }

    func run(_ command: String, input: Data) async throws -> Child.Output {
        try await Child.run(["ssh"] + options + [target, command], input: input)
    }

    /// Makes a port of the machine reachable at a Unix socket.
    func forward(_ port: Int, to socket: URL) async throws {
        let output = try await Child.run(
            ["ssh"] + options + ["-O", "forward", "-L", "\(socket.path):127.0.0.1:\(port)", target])
        guard output.status == 0 else {
            throw BenchFailure("ssh -L: \(String(decoding: output.standardError, as: UTF8.self))")
        }
    }

    /// Ends the connection; every command that still runs on it ends too.
    func close() { master.kill() }
}

/// Polls until the condition holds: what happens inside a machine cannot be awaited.
public func eventually(
    _ what: String, within limit: Duration = Bench.patience, poll: Duration = .milliseconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: poll)
    }
    throw BenchFailure("not within \(limit): \(what)")
}
