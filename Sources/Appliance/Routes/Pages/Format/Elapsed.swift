/// A stretch of time in words, two units at most.
enum Elapsed {
    /// `12 s`, `4 min`, `5 min 3 s`, `3 h 12 min`, `3 d 4 h`, `2 y 40 d`.
    static func words(seconds: Int64) -> String {
        let units: [(name: String, seconds: Int64)] = [
            ("y", 31_536_000), ("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1),
        ]
        let seconds = max(0, seconds)
        guard let index = units.firstIndex(where: { seconds >= $0.seconds }) else { return "0\u{A0}s" }
        let first = units[index]
        let head = "\(seconds / first.seconds)\u{A0}\(first.name)"
        guard index + 1 < units.count else { return head }
        let second = units[index + 1]
        let rest = seconds % first.seconds / second.seconds
        return rest == 0 ? head : head + "\u{A0}\(rest)\u{A0}\(second.name)"
    }

    /// One unit only, rounded down: `12 s`, `4 min`, `3 h`, `6 d`: how long ago something was.
    static func age(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds / 1000)
        return switch seconds {
        case ..<60: "\(seconds)\u{A0}s"
        case ..<3_600: "\(seconds / 60)\u{A0}min"
        case ..<172_800: "\(seconds / 3_600)\u{A0}h"
        default: "\(seconds / 86_400)\u{A0}d"
        }
    }
}
