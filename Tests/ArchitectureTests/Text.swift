import Foundation

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespaces) }

    /// Whether `piece` stands in the line, not as part of a longer word on the side where it begins or ends with one.
    func containsWord(_ piece: String) -> Bool {
        var rest = self[...]
        while let found = rest.range(of: piece) {
            let before = self[..<found.lowerBound].last
            let after = self[found.upperBound...].first
            let isWordBefore = piece.first?.isWord == true && before?.isWord == true
            let isWordAfter = piece.last?.isWord == true && after?.isWord == true && !piece.hasSuffix("_")
            if !isWordBefore, !isWordAfter { return true }
            rest = self[found.upperBound...]
        }
        return false
    }

    /// `value!`, `call()!`, `list[0]!` and `Type!`; not `!condition` and not `!=`.
    var forcesUnwrap: Bool {
        let characters = Array(self)
        return characters.indices.dropFirst().contains { index in
            guard characters[index] == "!" else { return false }
            let before = characters[index - 1]
            let after = index + 1 < characters.count ? characters[index + 1] : " "
            return (before.isWord || before == ")" || before == "]" || before == ">") && after != "="
        }
    }
}

extension Character {
    fileprivate var isWord: Bool { isLetter || isNumber || self == "_" }
}
