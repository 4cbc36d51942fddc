import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of a form that was sent.
public struct Form: Sendable {
    private let fields: [String: String]

    /// Of fields of one name the last counts.
    init(_ text: String) { fields = Dictionary(FormText.pairs(of: text).map { ($0.name, $0.value) }) { $1 } }

    var names: [String] { Array(fields.keys) }

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
        return Form(String(buffer: try await request.collectBody(upTo: limit)))
    }
}
