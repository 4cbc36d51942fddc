import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1

/// An encryption by passphrase (RFC 8018, 6.2): how the key is derived, and AES in CBC mode.
struct PBES2: Hashable {
    enum Derivation: Hashable {
        /// RFC 7914, 7.
        case scrypt(salt: [UInt8], cost: Int, blockSize: Int, parallelism: Int)
        /// RFC 8018, A.2; only read, as other programs write it.
        case pbkdf2(salt: [UInt8], iterations: Int, hash: ASN1ObjectIdentifier)
    }

    let derivation: Derivation
    /// 16, 24 or 32 bytes.
    let keyLength: Int
    let initialVector: [UInt8]

    /// How much scrypt has to do for a new file; r is 8.
    struct Work: Hashable, Sendable {
        let cost: Int
        let parallelism: Int

        /// N = 2^14, p = 8.
        ///
        /// OpenSSL opens files with up to 32 MB of scrypt's memory, which N = 2^14 keeps to (16 MB); p makes up for it: as
        /// much work as N = 2^17 with p = 1.
        static let full = Work(cost: 1 << 14, parallelism: 8)
    }

    /// For a new file.
    init(_ work: Work, random: inout some RandomNumberGenerator) {
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
        derivation = .scrypt(salt: bytes(16), cost: work.cost, blockSize: 8, parallelism: work.parallelism)
        keyLength = 32
        initialVector = bytes(16)
    }

    /// What a file may ask of this machine: a hostile one must not stop it for minutes.
    private var isAffordable: Bool {
        switch derivation {
        case .scrypt(let salt, let cost, let blockSize, let parallelism):
            salt.count <= 1024 && (2...(1 << 20)).contains(cost) && cost & (cost - 1) == 0
                && (1...32).contains(blockSize) && (1...64).contains(parallelism)
                && cost * blockSize <= 1 << 21 && cost * blockSize * parallelism <= 1 << 24
        case .pbkdf2(let salt, let iterations, let hash):
            salt.count <= 1024 && (1...10_000_000).contains(iterations) && Self.hashes[hash] != nil
        }
    }

    private static let hashes: [ASN1ObjectIdentifier: KDF.Insecure.PBKDF2.HashFunction] = [
        .hmacWithSHA256: .sha256, .hmacWithSHA384: .sha384, .hmacWithSHA512: .sha512,
    ]

    func encrypt(_ plain: [UInt8], _ passphrase: Passphrase) throws -> [UInt8] {
        Array(try AES._CBC.encrypt(plain, using: key(passphrase), iv: AES._CBC.IV(ivBytes: initialVector)))
    }

    /// nil when it is not what the passphrase opens.
    func decrypt(_ closed: [UInt8], _ passphrase: Passphrase) -> [UInt8]? {
        guard isAffordable, initialVector.count == 16, !closed.isEmpty, closed.count.isMultiple(of: 16) else {
            return nil
        }
        return (try? AES._CBC.decrypt(closed, using: key(passphrase), iv: AES._CBC.IV(ivBytes: initialVector)))
            .map { Array($0) }
    }

    private func key(_ passphrase: Passphrase) throws -> SymmetricKey {
        switch derivation {
        case .scrypt(let salt, let cost, let blockSize, let parallelism):
            return try KDF.Scrypt.deriveKey(
                from: passphrase.bytes, salt: salt, outputByteCount: keyLength, rounds: cost, blockSize: blockSize,
                parallelism: parallelism)
        case .pbkdf2(let salt, let iterations, let hash):
            guard let function = Self.hashes[hash] else { throw CryptoKitError.incorrectParameterSize }
            return try KDF.Insecure.PBKDF2.deriveKey(
                from: passphrase.bytes, salt: salt, using: function, outputByteCount: keyLength,
                unsafeUncheckedRounds: iterations)
        }
    }
}

extension ASN1ObjectIdentifier {
    static let pbes2: Self = [1, 2, 840, 113_549, 1, 5, 13]
    static let pbkdf2: Self = [1, 2, 840, 113_549, 1, 5, 12]
    static let scrypt: Self = [1, 3, 6, 1, 4, 1, 11_591, 4, 11]
    static let hmacWithSHA256: Self = [1, 2, 840, 113_549, 2, 9]
    static let hmacWithSHA384: Self = [1, 2, 840, 113_549, 2, 10]
    static let hmacWithSHA512: Self = [1, 2, 840, 113_549, 2, 11]
    static let aes128CBC: Self = [2, 16, 840, 1, 101, 3, 4, 1, 2]
    static let aes192CBC: Self = [2, 16, 840, 1, 101, 3, 4, 1, 22]
    static let aes256CBC: Self = [2, 16, 840, 1, 101, 3, 4, 1, 42]
}
