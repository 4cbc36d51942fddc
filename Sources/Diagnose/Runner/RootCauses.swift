import Site

/// Finds for each trouble the deeper one that it follows from.
///
/// A finding follows only from one of a check before its own in the catalogue, so that there is no circle; and only from
/// what fails, so that a warning hides nothing.
struct RootCauses {
    private(set) var findings: [Finding] = []

    /// - Parameter judged: In the order of the catalogue.
    init(_ judged: [(id: String, judgements: [Judgement])]) {
        for (id, judgements) in judged {
            let earlier = findings
            for judgement in judgements { findings.append(finding(id, judgement, among: earlier)) }
        }
    }

    private func finding(_ id: String, _ judgement: Judgement, among earlier: [Finding]) -> Finding {
        var finding = Finding(
            id: id, subject: judgement.subject, verdict: judgement.verdict, evidence: judgement.evidence,
            cause: judgement.cause, fix: judgement.fix)
        guard judgement.verdict.isTrouble else { return finding }
        finding.follows =
            judgement.deeper.lazy.compactMap { deeper in
                earlier.first {
                    $0.verdict == .fail && $0.id == deeper.id
                        && (deeper.subject == nil || deeper.subject == $0.subject)
                }
            }.first?.key
        return finding
    }
}
