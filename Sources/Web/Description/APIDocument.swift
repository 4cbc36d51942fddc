import HTTPTypes
public import Site

/// The description of the API as an OpenAPI document (OpenAPI Specification 3.1.1), made of the table of routes.
public struct APIDocument: Sendable {
    /// What it says of the whole.
    public struct Info: Hashable, Sendable {
        public let title: String
        public let version: String
        /// Markdown.
        public let text: String

        /// - Parameter version: Of the program that answers; the version of the API is in its paths.
        public init(title: String, version: String, text: String) {
            self.title = title
            self.version = version
            self.text = text
        }

        var json: JSONValue {
            .object(["title": .string(title), "version": .string(version), "description": .string(text)])
        }
    }

    public let json: JSONValue

    /// - Parameter table: All routes; those that are not described are no part of the API.
    public init(_ info: Info, _ table: [Routes.Entry]) {
        // What GET answers, HEAD answers without its body (RFC 9110, 9.3.2).
        let described = table.filter { $0.method != .head && $0.description != nil }
        var paths: [JSONValue.Member] = []
        for entry in described where !paths.contains(where: { $0.name == Self.template(entry.path) }) {
            let operations = described.filter { $0.path == entry.path }.compactMap { entry in
                entry.description.map { description in
                    JSONValue.Member(
                        name: entry.method.rawValue.lowercased(), value: description.json(access: entry.access))
                }
            }
            paths.append(.init(name: Self.template(entry.path), value: .object(operations)))
        }
        let subjects = Set(described.compactMap(\.description?.operation.subject))
        let tags = APIOperation.Subject.allCases.filter { subjects.contains($0) }.map { subject in
            JSONValue.object(["name": .string(subject.rawValue), "description": .string(subject.help)])
        }
        let responses = CommonRefusal.all.map { JSONValue.Member(name: $0.name, value: $0.json) }
        let components = JSONValue.object([
            "schemas": .object(Self.schemas(described.compactMap(\.description))), "responses": .object(responses),
            "securitySchemes": APISecurity.schemes,
        ])
        let server = JSONValue.object(["url": .string("/"), "description": .string("This unit.")])
        json = .object([
            "openapi": .string("3.1.1"), "info": info.json, "servers": .array([server]), "tags": .array(tags),
            "paths": .object(paths), "components": components,
        ])
    }

    private static func schemas(_ descriptions: [APIDescription]) -> [JSONValue.Member] {
        let used = descriptions.flatMap { description -> [Schema] in
            let answer = description.answer
            let body = description.body.map { [$0.schema] } ?? []
            return [answer.schema] + answer.events.map(\.schema) + description.operation.parameters.map(\.schema) + body
        }
        return Schema.merged(used + [Problem.schema]).sorted { $0.key < $1.key }
            .map { JSONValue.Member(name: $0.key, value: $0.value) }
    }

    /// `/api/v1/users/{name}` for Hummingbird's `/api/v1/users/:name`.
    static func template(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }

    /// What is called so in a path: `name`.
    static func pathParameters(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }
}

extension APIDescription {
    /// As it stands in an OpenAPI document (3.1.1, 4.8.10).
    func json(access: Access) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "operationId", value: .string(operation.id)),
            .init(name: "tags", value: .strings([operation.subject.rawValue])),
            .init(name: "summary", value: .string(operation.summary)),
            .init(name: "description", value: .string(text(access))),
            .init(name: "security", value: APISecurity.needed(for: access, isChange: isChange)),
        ]
        if let role = access.role {
            members.append(.init(name: "x-role", value: .string(role.description)))
        }
        if !operation.parameters.isEmpty {
            members.append(.init(name: "parameters", value: .array(operation.parameters.map(\.json))))
        }
        if let body {
            let content = JSONValue.object(["schema": body.schema.json, "example": body.example])
            members.append(
                .init(
                    name: "requestBody",
                    value: .object([
                        "required": .boolean(true), "content": .object(["application/json": content]),
                    ])))
        }
        members.append(.init(name: "responses", value: responses(access)))
        return .object(members)
    }

    private func text(_ access: Access) -> String {
        let who =
            switch access {
            case .everybody: "Answers anybody."
            case .atLeast(let role): "Needs the role `\(role)`."
            case .freshly(let role):
                "Needs the role `\(role)`, and of a session a password that was given in the last five minutes."
            }
        return [operation.details, who].compactMap(\.self).joined(separator: "\n\n")
    }

    private func responses(_ access: Access) -> JSONValue {
        var content: [JSONValue.Member] = [.init(name: "schema", value: answer.schema.json)]
        if !answer.events.isEmpty {
            // OpenAPI 3.1 has no word for the messages of a stream.
            let events = answer.events.map { event in
                JSONValue.Member(name: event.type, value: event.schema.explained(event.help).json)
            }
            content.append(.init(name: "x-events", value: .object(events)))
        }
        let answered = JSONValue.object([
            "description": .string(answer.events.isEmpty ? "The answer." : "A stream that does not end by itself."),
            "content": .object([JSONValue.Member(name: answer.mediaType, value: .object(content))]),
        ])
        let refusals = CommonRefusal.all.filter { $0.isPossible(access, isChange: isChange) }
        let statuses = Set(refusals.map(\.status) + operation.refusals.map(\.status)).sorted()
        let refused = statuses.map { status in
            JSONValue.Member(
                name: "\(status)", value: refusal(status, refusals.first { $0.status == status }))
        }
        return .object([JSONValue.Member(name: "200", value: answered)] + refused)
    }

    /// The one that all know, or that with what this operation has to add.
    private func refusal(_ status: Int, _ common: CommonRefusal?) -> JSONValue {
        let own = operation.refusals.filter { $0.status == status }.map { "`\($0.code)`: \($0.reason)" }
        if let common, own.isEmpty { return common.reference }
        let text = ((common.map { [$0.reason] } ?? []) + own).joined(separator: " ")
        return Problem.response(text, status: status)
    }
}
