import Platform
import Site

/// Makes and compares hashes, one at a time on a thread of its own: each takes 16 MB and a good part of a second.
actor PasswordHasher {
    private let executor = BlockingExecutor(name: "passwords")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let cost: PasswordHash.Cost
    /// Compared where there is no such user, so that the answer takes as long.
    private let nobody: PasswordHash

    init(cost: PasswordHash.Cost) {
        self.cost = cost
        nobody = .ofNobody(cost: cost)
    }

    /// Why a password is not taken: the list of common ones is read for that.
    func objection(by rule: PasswordRule, to password: String, of name: UserName) -> String? {
        rule.objection(to: password, of: name)
    }

    func hash(of password: String) throws -> PasswordHash { try PasswordHash(of: password, cost: cost) }

    /// Whether it is the password of this hash; false, and as late, when there is none.
    func matches(_ password: String, _ hash: PasswordHash?) throws -> Bool {
        let isRight = try (hash ?? nobody).matches(password)
        return isRight && hash != nil
    }
}
