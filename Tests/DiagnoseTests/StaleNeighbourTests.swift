import Site
import Testing

@testable import Diagnose

/// What the kernel remembers of a neighbour counts less than who says now that the address is his.
@Suite("Neighbours that have just gone")
struct StaleNeighbourTests {
    /// Both are silent, and the kernel has not forgotten their stations yet.
    private func facts(saying stations: [String: [String]]?) throws -> Facts {
        var facts = try Trailer.facts()
        facts.interface = .known(InterfaceFacts(addresses: ["192.168.1.10"], gateway: "192.168.1.1"))
        facts.neighbours = .known([
            NeighbourFacts(
                name: "router", address: "192.168.1.1", received: 0, latency: nil, station: "aa", knownStation: "aa"),
            NeighbourFacts(
                name: "camera", address: "192.168.1.3", received: 0, latency: nil, station: "bb", knownStation: "bb"),
        ])
        if let stations { facts.doubles = .known(stations) }
        return facts
    }

    private func roots(_ facts: Facts) -> [String] {
        let ids = ["network.stations", "network.reach", "router.reach", "camera.reach"]
        return RootCauses(ids.map { ($0, facts.judged($0)) }).findings.filter(\.isRoot).map(\.key)
    }

    @Test("a switch without power is that, also in the first seconds")
    func gone() throws {
        #expect(try roots(facts(saying: nil)) == ["router.reach router", "camera.reach camera"])
        #expect(try roots(facts(saying: ["192.168.1.1": [], "192.168.1.3": []])) == ["network.reach"])
    }

    @Test("exchanged addresses are told before anybody has answered a ping")
    func swapped() throws {
        let facts = try facts(saying: ["192.168.1.1": ["bb"], "192.168.1.3": ["aa"]])
        #expect(roots(facts) == ["network.stations router", "network.stations camera"])
    }

    @Test("of two that say so the known one stays, and one that nobody asked for is as it was")
    func doubled() throws {
        let facts = try facts(saying: ["192.168.1.1": ["bb", "aa"]])
        #expect(facts.seenNeighbours.value?.map(\.station) == ["aa", "bb"])
    }
}
