import Testing

@testable import Appliance

@Suite("Which probe converts on its own")
struct ConversionProofTests {
    private func turns(_ proof: inout ConversionProof, _ probes: [String], rounds: Range<Int64>) -> [String] {
        rounds.compactMap { proof.next(among: probes, at: $0 * 1000) }
    }

    @Test("every probe has its turn, one each half minute")
    func turns() {
        var proof = ConversionProof()
        #expect(Set(turns(&proof, ["a", "b", "c"], rounds: 0..<61)) == ["a", "b", "c"])
        #expect(turns(&proof, ["a", "b", "c"], rounds: 61..<90) == [])
    }

    @Test("a suspect has every second turn until it is proven, and the others go on")
    func suspects() {
        var proof = ConversionProof()
        proof.hasEnded("b", false)
        let turns = turns(&proof, ["a", "b", "c"], rounds: 0..<120)
        #expect(turns.count == 12)
        #expect(turns.count { $0 == "b" } >= 6)
        #expect(Set(turns) == ["a", "b", "c"])
        proof.hasEnded("b", true)
        #expect(proof.suspects.isEmpty)
    }

    @Test("without probes there are no turns")
    func none() {
        var proof = ConversionProof()
        #expect(proof.next(among: [], at: 0) == nil)
    }
}
