import FoundationEssentials
import HTTPTypes
import Hummingbird
public import NIOCore
import Site

/// The one way that values become JSON here.
public enum JSONForm {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    public static func bytes(_ value: some Encodable) throws -> ByteBuffer {
        ByteBuffer(bytes: try encoder.encode(value))
    }

    /// The value of a request's body; an empty one is `{}`.
    ///
    /// - Parameter members: Those that an object may have, of which none is `null`; nil for any.
    /// - Throws: `Problem` 400 `body.invalid` with what is wrong; `HTTPError` 413 for one that is too large.
    static func value<Value: Decodable>(
        of request: Request, limit: Int, members: [String]? = nil
    ) async throws -> Value {
        var request = request
        let body = try await request.collectBody(upTo: limit)
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased() ?? ""
        guard body.readableBytes == 0 || type == "application/json" else {
            throw Problem(status: 415, code: "http.415", detail: "This takes JSON (Content-Type: application/json).")
        }
        do {
            let data = body.readableBytes == 0 ? Data("{}".utf8) : Data(body.readableBytesView)
            // In UTF-16 and UTF-32, which the decoder would take (RFC 8259, 8.1, does not), every mark has one.
            guard !data.contains(0) else { throw Problem.body("The body cannot be read: it is not in UTF-8.") }
            if let members { try JSONDecoder().decode(MemberNames.self, from: data).require(members) }
            let value = try JSONDecoder().decode(Value.self, from: data)
            if let name = RepeatedMember.name(in: data) {
                throw Problem.body("\(quoted(name)) is in the body twice; say it once.")
            }
            return value
        } catch let error as DecodingError {
            throw Problem.body("The body cannot be read: \(error.sentence)")
        }
    }
}

/// What the members of an object are called, whatever they hold.
private struct MemberNames: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let names: [String]
    let nulls: [String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        names = container.allKeys.map(\.stringValue).sorted()
        nulls = try container.allKeys.filter { try container.decodeNil(forKey: $0) }.map(\.stringValue).sorted()
    }

    func require(_ known: [String]) throws(Problem) {
        if let name = names.first(where: { !known.contains($0) }) {
            let list = known.isEmpty ? "this takes none" : "there are \(known.joined(separator: ", "))"
            throw .body("\(quoted(name)) is not a member of the body; \(list).")
        }
        if let name = nulls.first { throw .body("\(name) is null; leave it out instead.") }
    }
}

extension Problem {
    /// 400: a body that is not what was asked for.
    fileprivate static func body(_ detail: String) -> Problem {
        Problem(status: 400, code: "body.invalid", detail: detail)
    }
}

/// The body of a request that says nothing.
public struct Nothing: Decodable, Sendable {}

extension DecodingError {
    /// What is wrong, and with which field.
    fileprivate var sentence: String {
        func place(_ context: Context) -> String {
            context.codingPath.isEmpty ? "it" : context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        if case .dataCorrupted(let context) = self, let mistake = context.underlyingError as? BodyMistake {
            return mistake.sentence
        }
        return switch self {
        case .keyNotFound(let key, _): "\(key.stringValue) is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context): "\(place(context)) is of another type."
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is no JSON."
        case .dataCorrupted(let context): "\(place(context)) is none of the values that it may have."
        @unknown default: "it is not what was asked for."
        }
    }
}
