import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// A program on the network: it believes any certificate, follows no redirect and keeps no cookies.
struct Visitor: Sendable {
    let address: String
    private let client: HTTPClient

    /// What came back; the body is empty where it does not end by itself.
    struct Reply: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: String

        var location: String? { headers.first(name: "Location") }
        /// What the session's cookie is set to.
        var cookie: String? {
            headers["Set-Cookie"].first?.split(separator: ";").first.map { String($0.drop { $0 != "=" }.dropFirst()) }
        }
    }

    /// Somebody who is in.
    struct Session: Sendable {
        let cookie: String
        let formToken: String

        var headers: [(String, String)] { [("Cookie", "__Host-picli=\(cookie)")] }
        var fields: [(String, String)] { [("form_token", formToken)] }
    }

    static func with<Value>(_ address: String, _ body: (Visitor) async throws -> Value) async throws -> Value {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        let client = HTTPClient(configuration: configuration)
        do {
            let value = try await body(Visitor(address: address, client: client))
            try await client.shutdown()
            return value
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// - Parameter source: The address of loopback that it comes from.
    func ask(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)] = [], form: [(String, String)]? = nil,
        json: String? = nil, from source: String? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        request.localAddress = source
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            let text = form.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
            request.body = .bytes(ByteBuffer(string: text))
        } else if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json))
        }
        let response = try await client.execute(request, timeout: .seconds(60))
        let isEndless = response.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") == true
        let body = isEndless ? ByteBuffer() : try await response.body.collect(upTo: 16 << 20)
        return Reply(status: Int(response.status.code), headers: response.headers, body: String(buffer: body))
    }

    func signIn(
        _ name: String, _ password: String, _ headers: [(String, String)] = [], from source: String? = nil
    ) async throws -> Reply {
        try await ask(
            .POST, "/sign-in", headers, form: [("name", name), ("password", password)], from: source)
    }

    /// Signs in, and reads what its forms carry.
    func session(
        _ name: String, _ password: String = ProvisionedUnit.password, _ headers: [(String, String)] = []
    ) async throws -> Session {
        let reply = try await signIn(name, password, headers)
        let cookie = try #require(reply.status == 303 ? reply.cookie : nil, "\(reply)")
        let page = try await ask(.GET, "/account", [("Cookie", "__Host-picli=\(cookie)")])
        let token = try #require(page.body.firstMatch(of: /name="form_token" value="([^"]+)"/)?.output.1, "\(page)")
        return Session(cookie: cookie, formToken: String(token))
    }

    /// Makes a token of one's own.
    func token(_ name: String, _ role: String, of session: Session) async throws -> String {
        let reply = try await ask(
            .POST, "/account/tokens", session.headers,
            form: session.fields + [("name", name), ("role", role), ("days", "90")])
        return String(try #require(reply.body.firstMatch(of: /class="secret">([^<]+)</)?.output.1, "\(reply)"))
    }

    /// As `encodeURIComponent` does.
    static func encoded(_ text: String) -> String {
        let kept = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: kept) ?? ""
    }
}
