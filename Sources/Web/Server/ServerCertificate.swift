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

    private let pairs: [Pair]
    private let report: @Sendable (String) -> Void
    private let state: Mutex<State>
    private let now: @Sendable () -> Int64

    /// Files are looked at no more often, in milliseconds.
    private static let pause: Int64 = 5000

    /// Where a certificate is.
    public struct Pair: Sendable {
        /// The chain, leaf first, as PEM.
        let certificate: String
        /// Its private key, as PEM.
        let key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// - Parameters:
    ///   - pairs: The first that can be used is; they may be there later.
    ///   - now: Milliseconds since boot.
    ///   - report: Hears, in a sentence, of files that are there and cannot be used.
    /// - Throws: `Failure` `certificate.unusable` when none can.
    public init(
        _ pairs: [Pair], now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        self.pairs = pairs
        self.now = now
        self.report = report
        let stamp = Self.stamp(pairs)
        guard let context = Self.context(pairs, report) else {
            throw Failure(
                "certificate.unusable", "There is no certificate with which the pages could be served.",
                hint: "picli identity verify")
        }
        state = Mutex(State(context: context, stamp: stamp, looked: now()))
    }

    /// What the next connection is to use.
    var context: NIOSSLContext {
        state.withLock { state in
            let time = now()
            guard time - state.looked >= Self.pause else { return state.context }
            state.looked = time
            let stamp = Self.stamp(pairs)
            guard stamp != state.stamp else { return state.context }
            state.stamp = stamp
            // Of a half-written pair the other half is on its way.
            if let context = Self.context(pairs, report) { state.context = context }
            return state.context
        }
    }

    private static func stamp(_ pairs: [Pair]) -> [FileStamp?] {
        pairs.flatMap { [FileStamp($0.certificate), FileStamp($0.key)] }
    }

    private static func context(_ pairs: [Pair], _ report: (String) -> Void) -> NIOSSLContext? {
        for pair in pairs where FileStamp(pair.certificate) != nil && FileStamp(pair.key) != nil {
            do {
                return try context(pair.certificate, pair.key)
            } catch {
                report("The page cannot be served with \(pair.certificate) and \(pair.key): \(error)")
            }
        }
        return nil
    }

    private static func context(_ certificate: String, _ key: String) throws -> NIOSSLContext {
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
