extension Double {
    /// With at most one digit behind the point, for sentences.
    var shown: String {
        let tenths = (self * 10).rounded()
        guard tenths.magnitude < 1e15 else { return String(self) }
        let whole = Int64(tenths)
        return whole % 10 == 0 || magnitude >= 100
            ? String(Int64((tenths / 10).rounded())) : "\(whole < 0 ? "-" : "")\(abs(whole) / 10).\(abs(whole) % 10)"
    }
}

extension Int64 {
    /// Milliseconds as a person says them: `40 s`, `12 min`, `5 h`, `3 days`.
    var shownTime: String {
        switch self {
        case ..<120_000: "\(self / 1000) s"
        case ..<7_200_000: "\(self / 60_000) min"
        case ..<172_800_000: "\(self / 3_600_000) h"
        default: "\(self / 86_400_000) days"
        }
    }
}
