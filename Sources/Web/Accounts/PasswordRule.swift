public import Site

/// Which passwords are taken: long ones that are not on everybody's list.
///
/// Neither signs nor capitals are asked for (NIST SP 800-63B, 5.1.1.2): they make passwords harder to keep, not to guess.
public struct PasswordRule: Sendable {
    public static let length = 12...128

    /// Whether a word, in small letters, is too common.
    private let isCommon: @Sendable (String) -> Bool

    /// - Parameter isCommon: Whether a word, in small letters, is on the list of those that are tried first. Asked at most
    ///   twice for a password, so that it may read the list each time and nobody has to keep it in memory.
    public init(isCommon: @escaping @Sendable (String) -> Bool) { self.isCommon = isCommon }

    /// Why a password is not taken, in a sentence that ends with what would be; nil when it is.
    public func objection(to password: String, of name: UserName) -> String? {
        let count = password.unicodeScalars.count
        if count < Self.length.lowerBound {
            return
                "The password has \(count) characters; it needs \(Self.length.lowerBound) at least. Four words will do."
        }
        if count > Self.length.upperBound {
            return "The password has \(count) characters; \(Self.length.upperBound) are the most."
        }
        let small = password.lowercased()
        if Set(small).count < 5 { return "The password is a few characters over and over. Four words will do." }
        if small.allSatisfy(\.isNumber) { return "The password has digits only. Four words will do." }
        let half = small.prefix(small.count / 2)
        if small == half + half, isCommon(String(half)) {
            return "The password is one common word twice. Four words that do not belong together will do."
        }
        // What is common, with digits and signs around it, is what is tried first.
        let core = small.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed()
        if isCommon(small) || isCommon(String(core)) {
            return
                "The password is on the list of those that are tried first. Four words that do not belong together will do."
        }
        if small.contains(name.description), name.description.count > 3 {
            return "The password has the user's name in it. Four words that do not belong together will do."
        }
        return nil
    }
}
