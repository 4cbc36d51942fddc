import TestSupport
import Testing

/// What `make fuzz` does for minutes, for a moment and always the same: a target that no longer compiles, or whose
/// parser traps on what is nearly right, shows in every run of the tests.
@Suite("The targets of make fuzz")
struct FuzzTargetTests {
    @Test("each reads its examples, spoilt ones and noise", arguments: FuzzTarget.all)
    func reads(_ target: FuzzTarget) throws {
        var generator = SeededGenerator(seed: 1)
        let seeds = try target.seeds()
        #expect(!seeds.isEmpty, "a search needs something to begin with")
        for seed in seeds {
            target.read(seed)
            target.read(spoilt(seed, using: &generator))
        }
        for _ in 0..<40 {
            if let seed = seeds.randomElement(using: &generator) { target.read(spoilt(seed, using: &generator)) }
            target.read(noise(Int.random(in: 0...256, using: &generator), using: &generator))
        }
    }

    @Test("each has a name of its own that can be a file's")
    func names() {
        let names = FuzzTarget.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } })
    }

    /// One to four of libFuzzer's own changes: a byte is another one, some are missing, doubled, or new.
    private func spoilt(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let start = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 1...8, using: &generator))
            let part = Array(bytes[start..<end])
            let replacement =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: part.map { $0 ^ 1 << UInt8.random(in: 0..<8, using: &generator) }
                case 1: [UInt8]()
                case 2: part + part
                default: noise(part.count + 1, using: &generator)
                }
            bytes.replaceSubrange(start..<end, with: replacement)
        }
        return bytes
    }

    private func noise(_ count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    var testDescription: String { name }
}
