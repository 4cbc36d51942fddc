public import HTTPTypes
public import Hummingbird
public import Site

/// What is added to the API is described where it is added: the description is made of what the route takes and gives.
///
/// Parameters that the description does not name are refused before the route is asked.
extension Routes {
    /// Adds a document of the API: GET, and HEAD with the same headers.
    public func get<Document: Encodable & Described>(
        _ path: String, _ access: Access, describedBy operation: APIOperation,
        use handler: @escaping @Sendable (QueryParameters, WebContext) async throws -> Document
    ) {
        get(path, access, describedBy: operation, answering: .json(Document.self)) { parameters, request, context in
            try .json(try await handler(parameters, context), for: request)
        }
    }

    /// Adds an answer of the API of another type: GET, and HEAD with the same headers.
    public func get(
        _ path: String, _ access: Access, describedBy operation: APIOperation, answering answer: APIAnswer,
        use handler: @escaping @Sendable (QueryParameters, Request, WebContext) async throws -> Response
    ) {
        let described: Handler = { request, context in
            let parameters = try QueryParameters(request.uri.query, of: operation.parameters)
            return try await handler(parameters, request, context)
        }
        let description = APIDescription(operation: operation, body: nil, answer: answer, isChange: false)
        add(path, .get, access, describedBy: description, described)
        add(path, .head, access, describedBy: description) { try await described($0, $1).createHeadResponse() }
    }

    /// Adds a stream of the API: GET only.
    public func stream(
        _ path: String, _ access: Access, describedBy operation: APIOperation, sending events: [APIAnswer.Event],
        use handler: @escaping @Sendable (QueryParameters, WebContext) async throws -> Response
    ) {
        let description = APIDescription(operation: operation, body: nil, answer: .stream(events), isChange: false)
        add(path, .get, access, describedBy: description) { request, context in
            try await handler(try QueryParameters(request.uri.query, of: operation.parameters), context)
        }
    }

    /// Adds what a program changes with a JSON body.
    public func change<Body: DescribedBody, Document: Encodable & Described>(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access, describedBy operation: APIOperation,
        use handler: @escaping @Sendable (Body, WebContext) async throws -> Document
    ) {
        let body = APIBody(schema: Body.schema, example: Body.example)
        change(path, method, access, operation, body) { (body: Body, _, context) in try await handler(body, context) }
    }

    /// Adds what a program changes with a JSON body and with fields of the head.
    public func change<Body: DescribedBody, Document: Encodable & Described>(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access, describedBy operation: APIOperation,
        use handler: @escaping @Sendable (Body, HTTPFields, WebContext) async throws -> Document
    ) {
        let body = APIBody(schema: Body.schema, example: Body.example)
        change(path, method, access, operation, body) { (body: Body, request: Request, context) in
            try await handler(body, request.headers, context)
        }
    }

    /// Adds what a program changes without saying more than where.
    public func change<Document: Encodable & Described>(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access, describedBy operation: APIOperation,
        use handler: @escaping @Sendable (WebContext) async throws -> Document
    ) {
        change(path, method, access, operation, nil) { (_: Nothing, _, context) in try await handler(context) }
    }

    private func change<Body: Decodable & Sendable, Document: Encodable & Described>(
        _ path: String, _ method: HTTPRequest.Method, _ access: Access, _ operation: APIOperation, _ body: APIBody?,
        _ handler: @escaping @Sendable (Body, Request, WebContext) async throws -> Document
    ) {
        let members = body?.schema.memberNames ?? []
        let description = APIDescription(
            operation: operation, body: body, answer: .json(Document.self), isChange: true)
        add(path, method, access, describedBy: description) { request, context in
            try Self.requireOwnOrigin(request, context)
            _ = try QueryParameters(request.uri.query, of: operation.parameters)
            let body: Body = try await JSONForm.value(of: request, limit: context.maxUploadSize, members: members)
            return try .json(try await handler(body, request, context), for: request)
        }
    }

    /// Adds the description of the whole API, itself included: of whatever is in the table when the server starts.
    public func document(
        _ path: String, _ access: Access, describedBy operation: APIOperation, of info: APIDocument.Info
    ) {
        let answer = APIAnswer(
            "application/json",
            Schema([
                "type": .string("object"), "required": .strings(["openapi", "info", "paths", "components"]),
                "description": .string("An OpenAPI document, of version 3.1."),
            ]))
        let description = APIDescription(operation: operation, body: nil, answer: answer, isChange: false)
        enter(path, .get, access, description)
        enter(path, .head, access, description)
        whenComplete { [unowned self] in
            let table = table
            let handler: Handler = { request, _ in
                _ = try QueryParameters(request.uri.query, of: operation.parameters)
                // Written when somebody asks: hardly anybody does, and each start of the unit would have to.
                return .bytes(APIDocument(info, table).json.text.utf8, type: answer.mediaType, for: request)
            }
            serve(path, .get, access, handler)
            serve(path, .head, access) { try await handler($0, $1).createHeadResponse() }
        }
    }
}
