/// "Did you mean": the nearest of a few known words.
public enum Suggestion {
    /// The known word that is nearest to what was typed, when it is near enough to be meant.
    public static func nearest(to word: String, in known: some Collection<String>) -> String? {
        guard word.count <= 64 else { return nil }
        let typed = Array(word.lowercased().unicodeScalars)
        let limit = typed.count <= 3 ? 1 : typed.count <= 5 ? 2 : 3
        var best: (word: String, distance: Int)?
        for candidate in known.sorted() {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - typed.count) <= limit else { continue }
            let found = distance(typed, letters)
            if found <= limit, found < max(typed.count, letters.count), found < best?.distance ?? .max {
                best = (candidate, found)
            }
        }
        return best?.word
    }

    /// `did you mean 'sensors'?`, or the whole list when nothing is near and the list is short.
    static func hint(_ word: String, in known: some Collection<String>) -> String? {
        if let nearest = nearest(to: word, in: known) { return "did you mean '\(nearest)'?" }
        guard !known.isEmpty else { return nil }
        return "known: \(known.prefix(24).joined(separator: ", "))\(known.count > 24 ? ", ..." : "")"
    }

    /// Damerau-Levenshtein distance, restricted (optimal string alignment): insertions, deletions, replacements and
    /// swaps of neighbours.
    static func distance<Letter: Equatable>(_ a: [Letter], _ b: [Letter]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
                row.append(cost)
            }
            beforePrevious = previous
            previous = row
        }
        return previous[b.count]
    }
}
