import Glibc
import NIOSSL
public import Platform
import Synchronization

/// The certificate by which the unit shows itself over TLS.
///
/// Replaced files are taken up by the next connection; those that are open stay open.
public final class ServerCertificate: Sendable {
    private struct State {
        var context: NIOSSLContext
        var stamp: [FileStamp?]
        /// Milliseconds since boot.
        var looked: Int64
    }

    private let files: [String]
    private let state: Mutex<State>
    private let now: @Sendable () -> Int64

    /// Files are looked at no more often, in milliseconds.
    private static let pause: Int64 = 5000

    /// - Parameters:
    ///   - certificate: The chain, leaf first, as PEM.
    ///   - key: Its private key, as PEM.
    ///   - now: Milliseconds since boot.
    /// - Throws: `Failure` `certificate.unusable`.
    public init(certificate: String, key: String, now: @escaping @Sendable () -> Int64) throws(Failure) {
        files = [certificate, key]
        self.now = now
        let stamp = files.map { FileStamp($0) }
        state = Mutex(State(context: try Self.context(certificate, key), stamp: stamp, looked: now()))
    }

    /// What the next connection is to use.
    var context: NIOSSLContext {
        state.withLock { state in
            let time = now()
            guard time - state.looked >= Self.pause else { return state.context }
            state.looked = time
            let stamp = files.map { FileStamp($0) }
            // A half-written pair does not fit together; the one before it stays, and is tried again.
            guard stamp != state.stamp, let context = try? Self.context(files[0], files[1]) else {
                return state.context
            }
            state.stamp = stamp
            state.context = context
            return context
        }
    }

    private static func context(_ certificate: String, _ key: String) throws(Failure) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            // Forward secrecy and authenticated encryption only (Mozilla, "intermediate"); those of TLS 1.3 all are.
            configuration.cipherSuiteValues = [
                .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            ]
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(
                "certificate.unusable", "The page cannot be served with \(certificate) and \(key): \(error).",
                hint: "picli identity verify")
        }
    }
}

/// What changes when a file is replaced.
private struct FileStamp: Hashable {
    let inode: UInt64
    let size: Int64
    let seconds: Int
    let nanoseconds: Int

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
