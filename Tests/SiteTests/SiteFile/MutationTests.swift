import Site
import TestSupport
import Testing

@Suite("Random damage to site files")
struct MutationTests {
    /// Files without many probes, so that the suite stays quick.
    private static let seeds = Corpus.good.map { $0.bytes }

    @Test("2,000 damaged files give a value or an error with a place, and never a crash", arguments: 0..<4)
    func bytes(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var values = 0
        for _ in 0..<500 {
            guard var bytes = Self.seeds.randomElement(using: &random), !bytes.isEmpty else { continue }
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
            let result = SiteFile.parse(bytes: bytes, file: "damaged.yaml")
            #expect((result.value == nil) == !result.errors.isEmpty)
            #expect(result.diagnostics.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.message.isEmpty })
            guard let value = result.value else { continue }
            values += 1
            let again = SiteFile.parse(value.canonical(), file: "canonical.yaml")
            #expect(again.value == value, "\(again.errors.map(\.description))\n\(value.canonical())")
        }
        #expect(values > 20, "some damage is harmless, or the test tests nothing")
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = bytes.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: index)
        case 3:
            let end = min(bytes.count, index + Int.random(in: 1...40, using: &random))
            bytes.removeSubrange(index..<end)
        case 4:
            let end = min(bytes.count, index + Int.random(in: 1...40, using: &random))
            bytes.insert(contentsOf: bytes[index..<end], at: bytes.indices.randomElement(using: &random) ?? 0)
        case 5:
            let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
            if let digit = digits.randomElement(using: &random) {
                bytes[digit] = UInt8.random(in: 48...57, using: &random)
            }
        default:
            let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
            bytes = Array(lines.shuffled(using: &random).joined(separator: [10]))
        }
    }

    private let tokens: [[UInt8]] = [
        "{", "}", "[", "]", ":", ": ", "- ", "#", "\"", "'", "\t", "\n", "&a ", "*a", "<<: ", "!!", "|\n", ">", "?",
        "%",
        "---\n", "on", "no", "~", "-1", "1e999", "0x", "\u{FEFF}", "\u{0}", "°C", "site:", "id: a", "...", "🛰",
    ].map { Array($0.utf8) }
}
