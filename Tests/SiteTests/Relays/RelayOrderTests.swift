import Foundation
import Site
import Testing

@Suite("The body of a command to a relay")
struct RelayOrderTests {
    private static func decode(_ text: String) throws -> RelayOrder {
        try JSONDecoder().decode(RelayOrder.self, from: Data(text.utf8))
    }

    @Test(
        "an override says which member is missing",
        arguments: [
            (#"{"do":"override","state":"on"}"#, "seconds"), (#"{"do":"override","seconds":5}"#, "state"),
            (#"{"do":"override"}"#, "seconds"), (#"{"state":"on"}"#, "do"),
        ])
    func missing(body: String, member: String) {
        let error = #expect(throws: DecodingError.self) { try Self.decode(body) }
        guard case .keyNotFound(let key, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(key.stringValue == member)
    }

    @Test(
        "a member that belongs to another command is named",
        arguments: [
            (#"{"do":"on","seconds":5}"#, "seconds does not belong to 'on'."),
            (#"{"do":"release","state":"off"}"#, "state does not belong to 'release'."),
        ])
    func foreign(body: String, sentence: String) {
        let error = #expect(throws: DecodingError.self) { try Self.decode(body) }
        guard case .dataCorrupted(let context)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect((context.underlyingError as? BodyMistake)?.sentence == sentence)
    }

    @Test(
        "a word, a state or a length that there is not is refused, whatever it is",
        arguments: [
            #"{"do":"explode"}"#, #"{"do":"pulse","state":"open"}"#, #"{"do":"pulse","seconds":-1}"#,
            #"{"do":"pulse","seconds":1e300}"#, #"{"do":5}"#, "[]", "null",
        ])
    func garbage(body: String) {
        #expect(throws: DecodingError.self) { try Self.decode(body) }
    }
}
