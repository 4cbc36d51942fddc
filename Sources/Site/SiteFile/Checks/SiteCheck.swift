/// What can only be judged when several values are seen together.
struct SiteCheck {
    var site: SiteFile
    let root: SourceNode
    var findings: Findings

    static func run(_ site: inout SiteFile, _ root: SourceNode, _ findings: inout Findings) {
        var check = SiteCheck(site: site, root: root, findings: findings)
        check.checkNetwork()
        check.checkSensors()
        check.checkRelays()
        check.checkInputs()
        check.checkPins()
        check.checkConditions()
        check.checkServices()
        check.completeInterlocks()
        site = check.site
        findings = check.findings
    }

    // MARK: Saying what is wrong

    /// The place of an entry: paths name entries of lists by their index among those that could be read.
    func path(_ parts: PathPart...) -> [PathPart] { path(parts) }

    func path(_ parts: [PathPart]) -> [PathPart] {
        var path: [PathPart] = []
        for part in parts {
            if case .index(let index) = part, let readable = findings.readable[path.text],
                readable.indices.contains(index)
            {
                path.append(.index(readable[index]))
            } else {
                path.append(part)
            }
        }
        return path
    }

    mutating func error(_ parts: PathPart..., message: String, hint: String? = nil) {
        note(.error, path(parts), message, hint)
    }

    mutating func warning(_ parts: PathPart..., message: String, hint: String? = nil) {
        note(.warning, path(parts), message, hint)
    }

    /// Says nothing about a place that has an error of its own already.
    mutating func note(_ severity: SiteFileDiagnostic.Severity, _ path: [PathPart], _ message: String, _ hint: String?)
    {
        guard !findings.isFaulty(path.text) else { return }
        findings.add(severity, root.nearest(path).position, path.text, message, hint)
    }

    /// The line in which an entry stands, for sentences about another one.
    func line(_ parts: PathPart...) -> Int { root.nearest(path(parts)).position.line }

    /// The ids of a list as they are written, those of entries with other errors included.
    func ids(_ section: String) -> [String] { (root[section]?.elements ?? []).compactMap { $0["id"]?.text } }

    /// Two entries of one list with one id.
    mutating func checkUnique(_ section: String, _ ids: [String]) {
        var seen: [String: Int] = [:]
        for (index, id) in ids.enumerated() where !id.isEmpty {
            if let other = seen[id] {
                let line = line(.key(section), .index(other))
                error(
                    .key(section), .index(index), .key("id"),
                    message: "the id '\(id)' is used twice; first in line \(line)",
                    hint: "an id names one thing for ever")
            } else {
                seen[id] = index
            }
        }
    }
}
