import Foundation
import Glibc

/// QEMU's own control socket (QMP, docs/interop/qmp-spec.txt): one JSON object a line, answers in order, events between.
actor Monitor {
    private let descriptor: Int32
    private var buffer = Data()

    /// Connects; QEMU opens the socket before it starts the machine.
    init(socket path: String) async throws {
        descriptor = try await connect(to: path, within: .seconds(20))
        _ = try line()
        _ = try execute("qmp_capabilities")
    }

    deinit { close(descriptor) }

    /// Sends one command and returns what it returned.
    @discardableResult
    func execute(_ command: String, _ arguments: [String: any Sendable] = [:]) throws -> String {
        let request: [String: Any] = ["execute": command, "arguments": arguments]
        var data = try JSONSerialization.data(withJSONObject: request)
        data.append(UInt8(ascii: "\n"))
        try data.withUnsafeBytes { bytes in
            guard send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw BenchFailure("the machine is gone: QEMU's monitor does not take \(command)")
            }
        }
        while true {
            let line = try line()
            guard let answer = try JSONSerialization.jsonObject(with: line) as? [String: Any] else { continue }
            if let error = answer["error"] as? [String: Any] {
                throw BenchFailure("QEMU refuses \(command): \(error["desc"] ?? "")")
            }
            if answer["return"] != nil { return String(decoding: line, as: UTF8.self) }
        }
    }

    /// A command of the human monitor, for what the other has not.
    func human(_ command: String) throws -> String {
        try execute("human-monitor-command", ["command-line": command])
    }

    private func line() throws -> Data {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer = Data(buffer[(end + 1)...]) }
                return Data(buffer[..<end])
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { throw BenchFailure("the machine is gone: QEMU closed its monitor") }
            buffer.append(contentsOf: chunk[..<count])
        }
    }
}

/// Connects to a Unix socket that may not be there yet.
private func connect(to path: String, within limit: Duration) async throws -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
        throw BenchFailure("the path of the monitor's socket is too long: \(path)")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return descriptor }
        close(descriptor)
        try await Task.sleep(for: .milliseconds(10))
    }
    throw BenchFailure("QEMU did not open \(path)")
}
