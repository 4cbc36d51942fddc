public import Site
import X509

/// The serial number of a certificate: positive, at most 20 bytes (RFC 5280, 4.1.2.2), written as hexadecimal digits.
public struct CertificateSerial: Hashable, Sendable, TextCodable {
    /// Without leading zeros.
    let bytes: [UInt8]

    /// A new one of 16 bytes, 126 bits of them random.
    init(random: inout some RandomNumberGenerator) {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        // Positive, and of the same length always.
        bytes[0] = bytes[0] & 0x3F | 0x40
        self.bytes = bytes
    }

    init(_ serial: Certificate.SerialNumber) { bytes = Array(serial.bytes.drop { $0 == 0 }) }

    /// Reads digits, colons between them or not, as openssl(1) and browsers show them; nil for anything else.
    public init?(_ text: String) {
        var digits = text.filter { $0 != ":" }
        if !digits.count.isMultiple(of: 2) { digits = "0" + digits }
        guard let bytes = digits.hexadecimalBytes, (1...20).contains(bytes.count) else { return nil }
        self.bytes = Array(bytes.drop { $0 == 0 })
        guard !self.bytes.isEmpty else { return nil }
    }

    public var description: String { bytes.hexadecimal }

    var number: Certificate.SerialNumber { Certificate.SerialNumber(bytes: bytes) }
}
