/// The conversions behind the polls of a burst: repeated ones counted once, equal neighbours counted each.
///
/// Polls weighed alike would weigh some parts of a cycle more when the bus is about as fast as the converter: which
/// conversions come twice then beats with the mains.
struct Conversions {
    /// One sample for each code that stayed, weighed by the number of conversions it stayed for; a new row after each
    /// gap in the polls.
    let rows: [[SineFit.Sample]]
    /// Polls per second.
    let pollRate: Double
    /// Different conversions that were seen per second.
    let rate: Double
    /// Seconds that the converter takes for one.
    let period: Double

    private static let nominal = ADS1115.Rate.sps860.samplesPerSecond

    /// One code in consecutive polls.
    private struct Stay {
        let code: Int16
        let start: Double
        var end: Double
        var polls = 1
    }

    /// nil when the polls are too few to say anything.
    init?(_ polls: [ADS1115.Burst.Sample]) {
        guard let first = polls.first, let last = polls.last, last.time - first.time > 0.1, polls.count > 16 else {
            return nil
        }
        let length = last.time - first.time
        pollRate = Double(polls.count - 1) / length
        let intervals = zip(polls, polls.dropFirst()).map { $1.time - $0.time }.sorted()
        let interval = intervals[intervals.count / 2]
        let stays = Self.stays(polls)
        rate = Self.rate(stays, of: polls, pollRate: pollRate)
        // The converter's clock is known to 10 %; a rate beyond that was a slow bus' and not the converter's.
        let period = 1 / ((774...946).contains(rate) ? rate : Self.nominal)
        self.period = period
        var rows: [[SineFit.Sample]] = []
        var end = -Double.infinity
        for stay in stays {
            // One conversion is seen for less than its period and one poll.
            let time = Double(stay.polls) * interval
            let weight = time < period + 1.2 * interval ? 1 : max(1, (time / period).rounded())
            let sample = SineFit.Sample(
                time: stay.start + (weight - 1) * period / 2, value: Double(stay.code), weight: weight)
            if stay.start - end > 2.5 * period { rows.append([]) }
            rows[rows.count - 1].append(sample)
            end = stay.end
        }
        self.rows = rows
    }

    /// The rows, each cut to whole cycles of a frequency, so that no part of a cycle counts more than others.
    func wholeCycles(of frequency: Double) -> [SineFit.Sample] {
        rows.flatMap { row -> [SineFit.Sample] in
            guard let first = row.first, let last = row.last else { return [] }
            let length = last.time - first.time + period
            let end = first.time + (length * frequency).rounded(.down) / frequency
            // The conversion at the cut counts with its part before the cut.
            return row.compactMap { sample in
                let weight = min(sample.weight, (end - sample.time) / period)
                return weight > 0 ? SineFit.Sample(time: sample.time, value: sample.value, weight: weight) : nil
            }
        }
    }

    private static func stays(_ polls: [ADS1115.Burst.Sample]) -> [Stay] {
        var stays: [Stay] = []
        for poll in polls {
            if let last = stays.indices.last, stays[last].code == poll.code {
                stays[last].end = poll.time
                stays[last].polls += 1
            } else {
                stays.append(Stay(code: poll.code, start: poll.time, end: poll.time))
            }
        }
        return stays
    }

    /// Different conversions seen per second.
    ///
    /// A code that stays for one period ends with a new conversion; one that stays longer may be several equal ones, so
    /// only the short stays are counted, if they are enough to judge by. A signal that is not lively has equal
    /// neighbours everywhere: then the polls and the configured rate, which was read back, are the bound.
    private static func rate(_ stays: [Stay], of polls: [ADS1115.Burst.Sample], pollRate: Double) -> Double {
        let mean = polls.reduce(0) { $0 + Double($1.code) } / Double(polls.count)
        let variance =
            polls.reduce(0) { $0 + (Double($1.code) - mean) * (Double($1.code) - mean) } / Double(polls.count)
        guard variance >= 30 * 30 else { return min(pollRate, nominal) }
        let length = Double(polls.count - 1) / pollRate
        let times = zip(stays, stays.dropFirst()).map { $1.start - $0.start }.dropFirst()
        let short = times.filter { $0 < 1.6 / nominal }
        let time = short.reduce(0, +)
        let converted = time >= 0.1 * length ? Double(short.count) / time : Double(stays.count) / length
        return min(pollRate, converted)
    }
}
