import Provision
import Site
import Testing

@Suite("The URIs of an identity")
struct IdentityURITests {
    @Test("a unit and a database each have a URN")
    func names() throws {
        let unit = try #require(UnitID("pi-7k3m92qf"))
        let database = try #require(DatabaseID("0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"))
        #expect(IdentityURI.unit(unit) == "urn:picli:unit:pi-7k3m92qf")
        #expect(IdentityURI.database(database) == "urn:uuid:0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b")
    }

    @Test(
        "what is not a unit ID is refused",
        arguments: ["", "-a", "a-", "Pi", "a_b", "ä", "a b", String(repeating: "a", count: 65)])
    func refused(text: String) { #expect(UnitID(text) == nil) }

    @Test("new unit IDs are unit IDs and differ")
    func new() {
        var random = SystemRandomNumberGenerator()
        let ids = (0..<1000).map { _ in UnitID(random: &random) }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { UnitID($0.description) == $0 && $0.description.count == 11 })
    }
}
