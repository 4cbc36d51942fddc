import NAS
import Site

/// One day of the site, and what cameras recorded in it.
struct FootageDay: Hashable, Sendable {
    /// At midnight, by the clock of the site.
    let date: CivilTime
    /// By camera.
    var totals: [String: FootageTotal] = [:]

    /// Days on which something was recorded, newest first.
    static func all(_ quarters: [FootageQuarter], in zone: LocalZone) -> [FootageDay] {
        var days: [FootageDay] = []
        // They come in the order of their times.
        for quarter in quarters.reversed() {
            let date = day(of: quarter.start, in: zone)
            if days.last?.date != date { days.append(FootageDay(date: date)) }
            days[days.count - 1].totals[quarter.camera, default: FootageTotal()].add(quarter.total)
        }
        return days
    }

    static func day(of milliseconds: Int64, in zone: LocalZone) -> CivilTime {
        let civil = zone.civil(milliseconds: milliseconds)
        return CivilTime(year: civil.year, month: civil.month, day: civil.day)
    }
}

extension FootageTotal {
    mutating func add(_ other: FootageTotal) {
        clips += other.clips
        size += other.size
    }
}

extension CivilTime {
    /// The day that an address names: `2026-03-01`; nil for none that there is.
    init?(day text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
        // The 30th of February would be a day in March.
        guard CivilTime(seconds: seconds) == self else { return nil }
    }

    /// As addresses name it.
    var dayText: String { "\(year)-\(LocalTime.two(month))-\(LocalTime.two(day))" }

    /// So many days later.
    func day(after days: Int64) -> CivilTime { CivilTime(seconds: seconds + 86_400 * days) }

    /// From its first moment to that of the next day, in wall milliseconds: 23 to 25 hours.
    func bounds(in zone: LocalZone) -> Range<Int64> {
        zone.firstSecond(self) * 1000..<zone.firstSecond(day(after: 1)) * 1000
    }
}

/// When a camera has recorded within a stretch of time, as a bar.
struct FootageBar {
    let quarters: [FootageQuarter]
    let bounds: Range<Int64>
    let clock: LocalTime

    /// Stretches without a pause of a quarter of an hour.
    var runs: [Range<Int64>] {
        var runs: [Range<Int64>] = []
        for quarter in quarters where bounds.contains(quarter.start) {
            let end = quarter.start + FootageQuarter.length
            if let last = runs.last, last.upperBound >= quarter.start {
                runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, end)
            } else {
                runs.append(quarter.start..<end)
            }
        }
        return runs
    }

    var html: HTML {
        let (start, length) = (bounds.lowerBound, max(1, (bounds.upperBound - bounds.lowerBound) / 60_000))
        let bars = runs.map { run -> HTML in
            """
            <rect x="\((run.lowerBound - start) / 60_000)" width="\((run.upperBound - run.lowerBound) / 60_000)" height="1"/>
            """
        }
        return """
            <svg class="bar-of-time" viewBox="0 0 \(length) 1" preserveAspectRatio="none" role="img" aria-label="\(words)">\
            \(bars)</svg>
            """
    }

    /// The same for who cannot see it.
    private var words: String {
        let spans = runs.prefix(12).map { "\(clock.minute($0.lowerBound)) to \(clock.minute($0.upperBound))" }
        guard !spans.isEmpty else { return "nothing was recorded" }
        return "recorded " + spans.joined(separator: ", ") + (runs.count > 12 ? " and later" : "")
    }
}
