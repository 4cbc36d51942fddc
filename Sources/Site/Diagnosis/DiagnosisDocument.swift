/// The answer of `picli diagnose` and of `/api/v1/diagnosis`.
public struct DiagnosisDocument: Hashable, Sendable, Codable {
    public var schema = 1
    /// The version of the program that looked.
    public var version: String
    /// nil while the unit is not provisioned.
    public var unit: String?
    /// What people call the site; nil when its site file cannot be read.
    public var site: String?
    public var time: String
    /// How long the looking took.
    public var milliseconds: Int64
    /// The worst of all.
    public var verdict: Verdict
    /// The key of the finding to begin with; nil when nothing is wrong.
    public var rootCause: String?
    /// What could not be looked at, and why.
    public var limits: [String]
    public var checks: [Finding]

    public init(
        version: String, unit: String?, site: String?, time: String, milliseconds: Int64, limits: [String] = [],
        checks: [Finding]
    ) {
        self.version = version
        self.unit = unit
        self.site = site
        self.time = time
        self.milliseconds = milliseconds
        self.limits = limits
        self.checks = checks
        rootCause = Self.roots(of: checks).first?.key
        verdict =
            [Verdict.fail, .unknown, .warn].first { verdict in checks.contains { $0.verdict == verdict } } ?? .ok
    }

    /// What to do something about: what fails first, each kind in the order of its depth.
    public var roots: [Finding] { Self.roots(of: checks) }

    private static func roots(of checks: [Finding]) -> [Finding] {
        let roots = checks.filter(\.isRoot)
        return [Verdict.fail, .unknown, .warn].flatMap { verdict in roots.filter { $0.verdict == verdict } }
    }

    /// All that follows from a finding, directly or not.
    public func consequences(of key: String) -> [Finding] {
        var keys: Set<String> = [key]
        // A finding follows from an earlier one only.
        return checks.filter { finding in
            guard let follows = finding.follows, keys.contains(follows) else { return false }
            keys.insert(finding.key)
            return true
        }
    }
}
