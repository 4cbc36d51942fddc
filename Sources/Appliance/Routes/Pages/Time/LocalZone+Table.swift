import Platform
import Site

extension LocalZone {
    /// The zone of an IANA name; nil when the system does not have it, or its file is damaged.
    static func named(_ name: String) -> LocalZone? { named(name) { ZoneFile.bytes(of: $0) } }

    /// The zone's changes from ten years before `now` to one after, for the browser.
    ///
    /// Written `ms,seconds,name;…`; the first entry is what was in force before. So a chart is marked in the same words
    /// as the page, on any browser.
    func table(around now: Int64) -> String {
        let year: Int64 = 366 * 86_400
        let week: Int64 = 7 * 86_400
        let start = now / 1000 - 10 * year
        var entries = [entry(start)]
        for time in stride(from: start, to: now / 1000 + year, by: Int(week))
        where offset(at: time) != offset(at: time + week) {
            // No zone changes twice in a week: halving finds the second.
            var (low, high) = (time, time + week)
            while high - low > 1 {
                let middle = (low + high) / 2
                if offset(at: middle) == offset(at: low) { low = middle } else { high = middle }
            }
            entries.append(entry(high))
        }
        return entries.joined(separator: ";")
    }

    private func entry(_ seconds: Int64) -> String {
        let name = abbreviation(milliseconds: seconds * 1000)
        return "\(seconds * 1000),\(offset(at: seconds).seconds),\(name)"
    }
}
