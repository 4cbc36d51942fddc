import Site

extension Series {
    /// The points without the stretches where there is nothing: each segment is drawn as one line.
    ///
    /// Raw samples are parted by the gaps; buckets only where a whole bucket is missing, for a bucket with a short
    /// gap in it still has a mean.
    var segments: [ArraySlice<SeriesPoint>] {
        var segments: [ArraySlice<SeriesPoint>] = []
        var start = points.startIndex
        var gap = gaps.startIndex
        for index in points.indices.dropFirst() {
            let (before, after) = (points[index - 1].time, points[index].time)
            let isParted: Bool
            if let step {
                isParted = after - before > Int64(step) * 1_500
            } else {
                while gap < gaps.endIndex, gaps[gap].to <= before { gap += 1 }
                isParted = gap < gaps.endIndex && gaps[gap].from < after
            }
            if isParted {
                segments.append(points[start..<index])
                start = index
            }
        }
        if start < points.endIndex { segments.append(points[start...]) }
        return segments
    }

    /// Where a point stands on the time axis: the middle of its bucket.
    func middle(_ point: SeriesPoint) -> Int64 { point.time + Int64(step ?? 0) * 500 }

    /// A counter as its change per second, the form in which it says something; other series as they are.
    ///
    /// A fall is a restart of the counter: no rate is made up across it, nor across a gap.
    var rated: Series {
        guard metric.quantity.definition?.kind == .counter else { return self }
        let rates = segments.flatMap { segment in
            zip(segment, segment.dropFirst()).compactMap { before, after -> SeriesPoint? in
                let seconds = Double(after.time - before.time) / 1000
                guard seconds > 0, after.mean >= before.mean else { return nil }
                let rate = (after.mean - before.mean) / seconds
                return SeriesPoint(time: after.time, min: rate, mean: rate, max: rate, count: after.count)
            }
        }
        let metric = Metric(
            metric.subject, metric.quantity, instance: metric.instance,
            unit: Unit(rawValue: metric.unit.rawValue + "/s"),
            isSimulated: metric.isSimulated)
        return Series(metric: metric, step: step, points: rates, gaps: gaps)
    }
}

/// Least, mean and greatest of a series, as a table or a sentence tells them.
struct SeriesSummary: Hashable, Sendable {
    var min: Double
    /// Weighted by how many values are in each point.
    var mean: Double
    var max: Double
    var last: SeriesPoint

    /// nil for a series without points.
    init?(_ series: Series) {
        guard let first = series.points.first, let last = series.points.last else { return nil }
        var (low, high, sum, count) = (first.min, first.max, 0.0, 0.0)
        for point in series.points {
            low = Swift.min(low, point.min)
            high = Swift.max(high, point.max)
            sum += point.mean * Double(point.count)
            count += Double(point.count)
        }
        (min, max, self.last) = (low, high, last)
        mean = count > 0 ? sum / count : last.mean
    }
}

extension SeriesGap {
    var words: String { reason.map { "no data: " + $0.words } ?? "nothing recorded" }
}
