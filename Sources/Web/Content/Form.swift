import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of a form that was sent (application/x-www-form-urlencoded, WHATWG URL, 5.1).
public struct Form: Sendable {
    private var fields: [String: String] = [:]

    /// Reads the text form; what cannot be decoded is left out, of fields of one name the last counts.
    init(_ text: some StringProtocol) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                continue
            }
            fields[name] = value
        }
    }

    /// Empty when there is no such field.
    public subscript(name: String) -> String { fields[name] ?? "" }

    /// - Throws: `Problem` 415 for a body of another type; `HTTPError` 413 for one that is too large.
    static func read(_ request: Request, limit: Int) async throws -> Form {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        guard type == "application/x-www-form-urlencoded" else {
            throw Problem(
                status: 415, code: "http.415", detail: "This takes a form (application/x-www-form-urlencoded).")
        }
        var request = request
        let body = try await request.collectBody(upTo: limit)
        return Form(String(buffer: body))
    }

    /// A text as the value of a field.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isPlain ? String(character) : (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
