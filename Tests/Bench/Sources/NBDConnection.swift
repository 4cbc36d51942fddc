import Foundation
import Glibc

/// The server's side of one NBD connection (github.com/NetworkBlockDevice/nbd, doc/proto.md), for one client: QEMU.
final class NBDConnection: Sendable {
    private let listener: Int32
    private let path: String

    init(disk: VolatileDisk, socket path: String) throws {
        unlink(path)
        self.path = path
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 4) == 0 else { throw BenchFailure("no socket at \(path)") }
        let thread = Thread { [weak disk] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                if let disk { try? NBDSession(client: client, disk: disk).run() }
                close(client)
            }
            close(listener)
        }
        thread.name = "nbd"
        thread.start()
    }

    /// Takes no more clients.
    func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        unlink(path)
    }
}

/// Handshake and requests of one client; blocking, on the connection's thread.
private struct NBDSession {
    let client: Int32
    let disk: VolatileDisk

    private struct Ended: Error {}

    private enum Option {
        static let exportName: UInt32 = 1
        static let abort: UInt32 = 2
        static let info: UInt32 = 6
        static let go: UInt32 = 7
    }

    private enum Request {
        static let read: UInt16 = 0
        static let write: UInt16 = 1
        static let disconnect: UInt16 = 2
        static let flush: UInt16 = 3
        static let trim: UInt16 = 4
        static let writeZeroes: UInt16 = 6
    }

    /// Has flags, can flush, can FUA, can trim, can write zeroes.
    private static let flags: UInt16 = 1 | 4 | 8 | 32 | 64

    func run() throws {
        try handshake()
        while try serveRequest() {}
    }

    private func handshake() throws {
        // Fixed newstyle, no zeroes.
        try send(Array("NBDMAGICIHAVEOPT".utf8) + big(UInt16(3)))
        _ = try receive(4)
        while true {
            let header = try receive(16)
            let option = number(header[8..<12])
            _ = try receive(Int(number(header[12..<16])))
            switch UInt32(option) {
            case Option.exportName:
                try send(big(UInt64(disk.size)) + big(Self.flags))
                return
            case Option.info, Option.go:
                try reply(to: UInt32(option), type: 3, big(UInt16(0)) + big(UInt64(disk.size)) + big(Self.flags))
                try reply(to: UInt32(option), type: 1)
                if option == Option.go { return }
            case Option.abort:
                try reply(to: UInt32(option), type: 1)
                throw Ended()
            default:
                try reply(to: UInt32(option), type: 0x8000_0001)
            }
        }
    }

    private func reply(to option: UInt32, type: UInt32, _ payload: [UInt8] = []) throws {
        try send(big(UInt64(0x0003_E889_0455_65A9)) + big(option) + big(type) + big(UInt32(payload.count)) + payload)
    }

    private func serveRequest() throws -> Bool {
        let header = try receive(28)
        let isDurable = header[5] & 1 != 0
        let offset = Int(number(header[16..<24]))
        let count = Int(number(header[24..<28]))
        var answer: [UInt8] = []
        switch UInt16(number(header[6..<8])) {
        case Request.read: answer = disk.read(at: offset, count: count)
        case Request.write: disk.write(try receive(count), at: offset, isDurable: isDurable)
        case Request.writeZeroes:
            disk.write([UInt8](repeating: 0, count: count), at: offset, isDurable: isDurable)
        case Request.flush: disk.flush()
        case Request.disconnect: return false
        default: break  // A trim may be ignored.
        }
        try send(big(UInt32(0x6744_6698)) + big(UInt32(0)) + header[8..<16] + answer)
        return true
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { recv(client, $0.baseAddress?.advanced(by: done), count - done, 0) }
            guard got > 0 else { throw Ended() }
            done += got
        }
        return bytes
    }

    private func send(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress?.advanced(by: done), bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard put > 0 else { throw Ended() }
            done += put
        }
    }

    private func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
