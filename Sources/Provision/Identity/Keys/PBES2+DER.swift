import SwiftASN1

/// `AlgorithmIdentifier` of RFC 8018, A.4: the scheme and its parameters.
extension PBES2: DERImplicitlyTaggable {
    static var defaultIdentifier: ASN1Identifier { .sequence }

    init(derEncoded node: ASN1Node, withIdentifier identifier: ASN1Identifier) throws {
        self = try Self.algorithm(node, identifier) { scheme, nodes in
            guard scheme == .pbes2, let parameters = nodes.next() else { throw Self.unknown("the scheme") }
            return try DER.sequence(parameters, identifier: .sequence) { nodes in
                guard let derivation = nodes.next(), let cipher = nodes.next() else { throw Self.unknown("PBES2") }
                let (keyLength, vector) = try Self.cipher(cipher)
                return PBES2(
                    derivation: try Self.derivation(derivation), keyLength: keyLength, initialVector: vector)
            }
        }
    }

    private init(derivation: Derivation, keyLength: Int, initialVector: [UInt8]) {
        self.derivation = derivation
        self.keyLength = keyLength
        self.initialVector = initialVector
    }

    private static func algorithm<Value>(
        _ node: ASN1Node, _ identifier: ASN1Identifier = .sequence,
        _ body: (ASN1ObjectIdentifier, inout ASN1NodeCollection.Iterator) throws -> Value
    ) throws -> Value {
        try DER.sequence(node, identifier: identifier) { nodes in
            try body(try ASN1ObjectIdentifier(derEncoded: &nodes), &nodes)
        }
    }

    private static func unknown(_ what: String) -> ASN1Error { .invalidASN1Object(reason: "unknown: \(what)") }

    private static func cipher(_ node: ASN1Node) throws -> (Int, [UInt8]) {
        let lengths: [ASN1ObjectIdentifier: Int] = [.aes128CBC: 16, .aes192CBC: 24, .aes256CBC: 32]
        return try algorithm(node) { cipher, nodes in
            guard let length = lengths[cipher] else { throw unknown("the cipher") }
            return (length, Array(try ASN1OctetString(derEncoded: &nodes).bytes))
        }
    }

    private static func derivation(_ node: ASN1Node) throws -> Derivation {
        try algorithm(node) { function, nodes in
            guard let parameters = nodes.next() else { throw unknown("the derivation") }
            return try DER.sequence(parameters, identifier: .sequence) { nodes in
                let salt = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
                let work = try Int(derEncoded: &nodes)
                switch function {
                case .scrypt:
                    let (blockSize, parallelism) = (try Int(derEncoded: &nodes), try Int(derEncoded: &nodes))
                    _ = try nodes.next().map { try Int(derEncoded: $0) }
                    return .scrypt(salt: salt, cost: work, blockSize: blockSize, parallelism: parallelism)
                case .pbkdf2:
                    var next = nodes.next()
                    // The length of the key, which the cipher says too.
                    if next?.identifier == .integer { next = nodes.next() }
                    // SHA-1 when left out.
                    guard let next else { throw unknown("the hash") }
                    let hash = try algorithm(next) { hash, rest in
                        _ = rest.next()
                        return hash
                    }
                    return .pbkdf2(salt: salt, iterations: work, hash: hash)
                default: throw unknown("the derivation")
                }
            }
        }
    }

    func serialize(into coder: inout DER.Serializer, withIdentifier identifier: ASN1Identifier) throws {
        try coder.appendConstructedNode(identifier: identifier) { coder in
            try coder.serialize(ASN1ObjectIdentifier.pbes2)
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try serializeDerivation(into: &coder)
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    let ciphers: [Int: ASN1ObjectIdentifier] = [16: .aes128CBC, 24: .aes192CBC]
                    try coder.serialize(ciphers[keyLength] ?? .aes256CBC)
                    try coder.serialize(ASN1OctetString(contentBytes: initialVector[...]))
                }
            }
        }
    }

    private func serializeDerivation(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            switch derivation {
            case .scrypt(let salt, let cost, let blockSize, let parallelism):
                try coder.serialize(ASN1ObjectIdentifier.scrypt)
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    try coder.serialize(ASN1OctetString(contentBytes: salt[...]))
                    for number in [cost, blockSize, parallelism] { try coder.serialize(number) }
                }
            case .pbkdf2(let salt, let iterations, let hash):
                try coder.serialize(ASN1ObjectIdentifier.pbkdf2)
                try coder.appendConstructedNode(identifier: .sequence) { coder in
                    try coder.serialize(ASN1OctetString(contentBytes: salt[...]))
                    try coder.serialize(iterations)
                    try coder.appendConstructedNode(identifier: .sequence) { coder in
                        try coder.serialize(hash)
                        try coder.serialize(ASN1Null())
                    }
                }
            }
        }
    }
}
