import Crypto
import CryptoExtras
import FoundationEssentials

/// A password as a unit keeps it: what scrypt (RFC 7914) makes of it with a salt and a cost of its own.
///
/// As text in the PHC string format (github.com/P-H-C/phc-string-format): `$scrypt$ln=14,r=8,p=5$<salt>$<key>`.
public struct PasswordHash: Hashable, Sendable {
    /// What one try costs: 128 · 2^`logarithm` · `blockSize` bytes of memory, `parallelism` times over.
    public struct Cost: Hashable, Sendable {
        /// N as a power of two.
        public var logarithm: Int
        /// r.
        public var blockSize: Int
        /// p.
        public var parallelism: Int

        public init(logarithm: Int, blockSize: Int, parallelism: Int) {
            self.logarithm = logarithm
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 16 MB, one of the settings of equal strength that OWASP's Password Storage Cheat Sheet names.
        public static let standard = Cost(logarithm: 14, blockSize: 8, parallelism: 5)

        /// Whether a unit can pay it: a damaged row must not take its memory.
        var isAffordable: Bool {
            (1...17).contains(logarithm) && (1...16).contains(blockSize) && (1...16).contains(parallelism)
                && blockSize << logarithm <= 1 << 18
        }

        /// Blocks that are mixed, all in all.
        var work: Int { (blockSize * parallelism) << logarithm }
    }

    public let cost: Cost
    let salt: [UInt8]
    let key: [UInt8]

    private static let saltSize = 16
    private static let keySize = 32

    /// Hashes a new password; takes a tenth of a second and more.
    public init(of password: String, cost: Cost = .standard) throws {
        let salt = Self.random(Self.saltSize)
        self.init(cost: cost, salt: salt, key: try Self.derive(password, salt: salt, cost: cost, size: Self.keySize))
    }

    /// The hash of no password that anybody knows.
    static func ofNobody(cost: Cost) -> PasswordHash {
        PasswordHash(cost: cost, salt: random(saltSize), key: random(keySize))
    }

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Reads the text form; nil for anything else, and for a cost that no unit can pay.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",").map { $0.split(separator: "=", maxSplits: 1) }
        guard numbers.map(\.first) == ["ln", "r", "p"] else { return nil }
        let values = numbers.compactMap { $0.count == 2 ? Int($0[1]) : nil }
        guard values.count == 3 else { return nil }
        let cost = Cost(logarithm: values[0], blockSize: values[1], parallelism: values[2])
        guard cost.isAffordable, let salt = Self.bytes(parts[3]), let key = Self.bytes(parts[4]), salt.count >= 8,
            (16...64).contains(key.count)
        else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }

    public var text: String {
        "$scrypt$ln=\(cost.logarithm),r=\(cost.blockSize),p=\(cost.parallelism)$\(Self.base64(salt))$\(Self.base64(key))"
    }

    /// Whether it is the password's; takes as long for a wrong one as for the right one.
    public func matches(_ password: String) throws -> Bool {
        let other = try Self.derive(password, salt: salt, cost: cost, size: key.count)
        return zip(key, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether it was made with less work than is asked for now, and is to be made anew at the next login.
    public func isCheaper(than cost: Cost) -> Bool { self.cost.work < cost.work }

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Cost, size: Int) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: size, rounds: 1 << cost.logarithm,
            blockSize: cost.blockSize, parallelism: cost.parallelism, maxMemory: 1 << 27)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { [UInt8]($0) }
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    /// Not the hash: what prints or dumps one shows nothing of it.
    public var description: String { "PasswordHash(hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
