import HTTPTypes
import Site
import Testing

@testable import Web

@Suite struct APIDocumentTests {
    private static let info = APIDocument.Info(title: "test", version: "1", text: "For tests.")

    private static func member(_ json: JSONValue, _ path: String...) throws -> JSONValue {
        var json = json
        for name in path { json = try #require(json[name], "\(name)") }
        return json
    }

    @Test("the document and the table of routes have the same operations")
    func bothWays() throws {
        let routes = testRoutes(EventStreams())
        let document = APIDocument(Self.info, routes.table)
        #expect(document.operations == Set(routes.table.filter { $0.path.hasPrefix("/api/") }.compactMap(\.operation)))
        #expect(document.operations.contains("GET /api/v1/openapi.json"))
        #expect(document.operations.contains("DELETE /api/v1/greetings/{name}"))
        #expect(!document.operations.contains { $0.contains("hello") || $0.contains("assets") })
    }

    @Test("an operation says who may call it, what it takes, and what it answers")
    func operation() throws {
        let document = APIDocument(Self.info, testRoutes(EventStreams()).table).json
        let greet = try Self.member(document, "paths", "/api/v1/greetings/{name}", "post")
        #expect(greet["operationId"] == .string("greet"))
        #expect(greet["security"] == .array([]))
        #expect(greet["x-role"] == nil)
        let body = try Self.member(greet, "requestBody", "content", "application/json")
        #expect(body["schema"] == .object(["$ref": .string("#/components/schemas/Greeting")]))
        #expect(body["example"] == Greeting.example)
        let answer = try Self.member(greet, "responses", "200", "content", "application/json", "schema")
        #expect(answer == .object(["$ref": .string("#/components/schemas/Who")]))
        let leave = try Self.member(document, "paths", "/api/v1/greetings/{name}", "delete")
        #expect(leave["x-role"] == .string("admin"))
        #expect(leave["requestBody"] == nil)
        let admin = JSONValue.strings(["admin"])
        #expect(
            leave["security"]
                == .array([
                    .object(["token": admin]), .object(["tokenAsPassword": admin]),
                    .object(["session": admin, "formToken": admin]),
                ]))
        let who = try Self.member(document, "paths", "/api/v1/who", "get")
        #expect(who["security"]?.text.contains("formToken") == false)
        #expect(try Self.member(who, "responses")["415"] == nil)
        #expect(try Self.member(who, "responses", "401")["$ref"] == .string("#/components/responses/Unauthorized"))
        for name in ["Problem", "Greeting", "Who"] { _ = try Self.member(document, "components", "schemas", name) }
        _ = try Self.member(document, "components", "responses", "Unauthorized", "content", Problem.mediaType)
    }

    @Test("a refusal of its own stands beside what all refuse, in words")
    func refusals() throws {
        let routes = Routes()
        routes.get(
            "/api/v1/a", .everybody,
            describedBy: APIOperation(
                "a", .unit, "A", refusals: [.init(404, "a.none", "There is no a."), .init(400, "a.bad", "It is bad.")])
        ) { _, _ in Who(who: "a") }
        let responses = try Self.member(
            APIDocument(Self.info, routes.table).json, "paths", "/api/v1/a", "get", "responses")
        #expect(responses["404"]?["description"] == .string("`a.none`: There is no a."))
        #expect(responses["400"]?["description"]?.text.contains("`a.bad`: It is bad.") == true)
        #expect(responses["401"] == nil)
    }

    @Test("parameters are described as they are read")
    func parameters() throws {
        let limit = IntegerParameter("limit", in: 1...50, default: 20, "How many.")
        #expect(limit.described.json["schema"]?["maximum"] == .number(50))
        #expect(limit.described.json["schema"]?["default"] == .number(20))
        #expect(limit.described.json["allowEmptyValue"] == .boolean(true))
        let before = IntegerParameter("before", in: 1...9, "Which.", example: 7)
        let several = APIParameter.queries(
            "name", .text(1...4), "Which.", example: .string("a b"), isRequired: true, most: 2)
        #expect(several.json["schema"]?["maxItems"] == .number(2))
        #expect(several.json["schema"]?["minItems"] == .number(1))
        #expect(several.json["example"] == .strings(["a b"]))
        #expect(several.sample == "name=a%20b")
        let all = [limit.described, before.described, several]
        let none = try QueryParameters("name=&limit=", of: all)
        #expect(try none.integer(limit) == 20)
        #expect(try none.integer(before) == nil)
        #expect(none.all("name").isEmpty)
        let some = try QueryParameters("limit=50&before=9&name=a&name=é%20bc", of: all)
        #expect(try some.integer(limit) == 50)
        #expect(try some.integer(before) == 9)
        #expect(some.all("name") == ["a", "é bc"])
        #expect(throws: Problem.self) { try QueryParameters("limit=51", of: all).integer(limit) }
        for (query, parameter) in [
            ("limit=1&limit=2", "limit"), ("name=a&name=b&name=c", "name"), ("name=abcde", "name"),
            ("other=1", "other"),
        ] {
            let problem = #expect(throws: Problem.self) { try QueryParameters(query, of: all) }
            #expect(problem?.parameter == parameter)
        }
    }

    @Test("what is of the API cannot be added without its description")
    func undescribed() async {
        await #expect(processExitsWith: .failure) {
            Routes().get("/api/v1/a", .everybody) { request, _ in .bytes([], type: "text/plain", for: request) }
        }
    }

    @Test("nor without that of its path, nor under the name of another operation")
    func described() async {
        await #expect(processExitsWith: .failure) {
            Routes().get("/api/v1/a/:b", .everybody, describedBy: APIOperation("a", .unit, "A")) { _, _ in
                Who(who: "a")
            }
        }
        await #expect(processExitsWith: .failure) {
            let routes = Routes()
            for path in ["/api/v1/a", "/api/v1/b"] {
                routes.get(path, .everybody, describedBy: APIOperation("a", .unit, "A")) { _, _ in Who(who: "a") }
            }
        }
    }
}

extension APIDocument {
    /// `GET /api/v1/latest`, as clients see them.
    fileprivate var operations: Set<String> {
        guard case .object(let paths)? = json["paths"] else { return [] }
        return Set(
            paths.flatMap { path -> [String] in
                guard case .object(let operations) = path.value else { return [] }
                return operations.map { $0.name.uppercased() + " " + path.name }
            })
    }
}

extension Routes.Entry {
    /// nil for HEAD, which goes without saying where GET is.
    fileprivate var operation: String? {
        method == .head ? nil : method.rawValue + " " + APIDocument.template(path)
    }
}
