import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// A unit with an identity and a setup token, served over TLS on loopback.
struct ProvisionedUnit {
    let unit: Unit
    /// `https://127.0.0.1:port`.
    let address: String
    /// What its label would say.
    let token: String

    /// Provisions a card, and runs the unit of it.
    static func with(site text: String, _ body: (ProvisionedUnit) async throws -> Void) async throws {
        try await Unit.with { unit in
            let card = unit.folder.appending(path: "card")
            for folder in ["etc", "boot/firmware"] {
                try FileManager.default.createDirectory(
                    at: card.appending(path: folder), withIntermediateDirectories: true)
            }
            for (path, text) in [
                ("etc/rpi-issue", ""), ("etc/os-release", "ID=debian\n"), ("boot/firmware/config.txt", ""),
            ] {
                try Data(text.utf8).write(to: card.appending(path: path))
            }
            let site = try unit.write(site: text)
            let made = try await Run.picli([
                "provision", "--root", card.path, "--site", site.path, "--unit", "pi-door", "--csr-out",
                unit.folder.appending(path: "unit.csr").path, "--yes", "--json",
            ])
            struct Document: Decodable {
                struct Setup: Decodable { let token: String }
                let setup: Setup
            }
            let token = try JSONDecoder().decode(Document.self, from: Data(made.output.utf8)).setup.token
            try FileManager.default.createDirectory(at: unit.state, withIntermediateDirectories: true)
            try FileManager.default.moveItem(
                at: card.appending(path: "var/lib/picli/identity"), to: unit.state.appending(path: "identity"))
            let port = try Unit.freePort()
            try await unit.start(["--site", site.path, "--simulate", "--listen", "https://127.0.0.1:\(port)"])
            try await body(ProvisionedUnit(unit: unit, address: "https://127.0.0.1:\(port)", token: token))
        }
    }

    /// A program on the network, which has no cookies and follows no redirect.
    static func program(_ body: (HTTPClient) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        let client = HTTPClient(configuration: configuration)
        do {
            try await body(client)
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// The status of a GET.
    static func status(_ client: HTTPClient, _ url: String, _ headers: [(String, String)] = []) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        return Int(try await client.execute(request, timeout: .seconds(10)).status.code)
    }

    /// Makes the first user, an admin, and an API token for each of some roles; as the forms of the pages do.
    ///
    /// - Returns: The tokens' secrets.
    func tokens(of roles: [String]) async throws -> [String] {
        var secrets: [String] = []
        try await Self.program { (client: HTTPClient) async throws in
            let set = try await send(
                client, "/setup", form: "token=\(token)&name=keeper&password=four+words+of+hers")
            let cookie = try #require(set.cookie, "\(set)")
            let page = try await send(client, "/account", cookie: cookie)
            let formToken = try #require(
                page.body.firstMatch(of: /name="form_token" value="([^"]+)"/)?.output.1, "\(page)")
            for role in roles {
                let made = try await send(
                    client, "/account/tokens", form: "form_token=\(formToken)&name=\(role)&role=\(role)",
                    cookie: cookie)
                let secret = try #require(made.body.firstMatch(of: /class="secret">([^<]+)</)?.output.1, "\(made)")
                secrets.append(String(secret))
            }
        }
        return secrets
    }

    private func send(
        _ client: HTTPClient, _ path: String, form: String? = nil, cookie: String? = nil
    ) async throws -> (status: HTTPResponseStatus, cookie: String?, body: String) {
        var request = HTTPClientRequest(url: address + path)
        if let form {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        let answer = try await client.execute(request, timeout: .seconds(10))
        let body = String(buffer: try await answer.body.collect(upTo: 1 << 20))
        let given = answer.headers.first(name: "Set-Cookie")?.split(separator: ";").first.map(String.init)
        return (answer.status, given, body)
    }
}
