import Platform
import Site

/// Values as they are typed.
///
/// Each throws a sentence that the parser puts after "The value '…' is invalid for …:".
enum TypedText {
    /// Why a text is not what was asked for.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    /// `90s`, `15m`, `1h30m`, `7d`, `2w`; longer than nothing.
    @Sendable static func duration(_ text: String) throws -> Duration {
        switch Duration.parse(siteText: text) {
        case .success(let duration) where duration > .zero: return duration
        case .success: throw Mistake(description: "it must be longer than nothing.")
        case .failure(let failure): throw Mistake(description: failure.description.sentence)
        }
    }

    /// An ISO 8601 time with its zone, or a day, which begins at midnight UTC.
    ///
    /// In wall milliseconds.
    @Sendable static func instant(_ text: String) throws -> Int64 {
        // Everything before the zone, so that a day alone can be completed and trailing words are noticed.
        if let time = ISO8601.milliseconds(text) ?? ISO8601.milliseconds(text + "T00:00:00Z") { return time }
        let isZoneMissing = ISO8601.milliseconds(text + "Z") != nil
        throw Mistake(
            description: isZoneMissing
                ? "the zone is missing; \(text)Z is UTC."
                : "write 2026-03-01, or 2026-03-01T08:00:00Z\(text.hasPrefix("-") ? "; the last hour is --since 1h" : "")."
        )
    }

    /// `auto` (as many points as a wide chart has), `raw`, or a length of whole seconds.
    @Sendable static func step(_ text: String) throws -> SeriesQuery.Step {
        switch text {
        case "auto": return .points(600)
        case "raw": return .raw
        default:
            let (seconds, rest) = try duration(text).components
            guard rest == 0 else { throw Mistake(description: "a step is whole seconds.") }
            return .seconds(Int(seconds))
        }
    }

    /// `viewer`, `operator` or `admin`.
    @Sendable static func role(_ text: String) throws -> Role {
        guard let role = Role(text) else { throw Mistake(description: "it is viewer, operator or admin.") }
        return role
    }
}
