public import Site

/// Which passwords are taken: long ones that are not on everybody's list.
///
/// Neither signs nor capitals are asked for (NIST SP 800-63B, 5.1.1.2): they make passwords harder to keep, not to guess.
public struct PasswordRule: Sendable {
    public static let length = 12...128

    private let common: @Sendable (Set<String>) -> Set<String>

    /// - Parameter common: Which of some words, in small letters, are on the list of those that are tried first. Asked once for a
    ///   password, so that it may read the list then and nobody has to keep it in memory.
    public init(common: @escaping @Sendable (Set<String>) -> Set<String>) { self.common = common }

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
        let half = String(small.prefix(small.count / 2))
        // What is common, with digits and signs around it, is what is tried first.
        let core = String(small.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed())
        let isTwice = small == half + half
        let common = common(isTwice ? [small, core, half] : [small, core])
        if isTwice, common.contains(half) {
            return "The password is one common word twice. Four words that do not belong together will do."
        }
        if !common.isEmpty {
            return
                "The password is on the list of those that are tried first. Four words that do not belong together will do."
        }
        if small.contains(name.description), name.description.count > 3 {
            return "The password has the user's name in it. Four words that do not belong together will do."
        }
        return nil
    }
}
