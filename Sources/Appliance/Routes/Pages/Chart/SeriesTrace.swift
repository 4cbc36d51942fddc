import Site

/// A series as SVG: the band from least to greatest, the line of the means, and its gaps.
struct SeriesTrace {
    var from: Int64
    var to: Int64
    var width: Double
    /// Top of the value area, and its height.
    var top: Double
    var height: Double
    var axis: ValueAxis

    func x(_ time: Int64) -> Double {
        let share = Double(time - from) / Double(max(1, to - from))
        return min(max(share, 0), 1) * width
    }

    func y(_ value: Double) -> Double { top + (1 - min(max(axis.position(value), 0), 1)) * height }

    func band(_ series: Series) -> String {
        var path = SVGPath()
        for segment in series.segments where segment.contains(where: { $0.max > $0.min }) {
            for (index, point) in segment.enumerated() {
                let place = x(series.middle(point))
                if index == 0 { path.move(place, y(point.max)) } else { path.line(place, y(point.max)) }
            }
            for point in segment.reversed() { path.line(x(series.middle(point)), y(point.min)) }
            path.close()
        }
        return path.data
    }

    func line(_ series: Series) -> String {
        var path = SVGPath()
        for segment in series.segments {
            for (index, point) in segment.enumerated() {
                let place = x(series.middle(point))
                if index == 0 { path.move(place, y(point.mean)) } else { path.line(place, y(point.mean)) }
            }
            // A lone point is still seen: round caps make a dot of a line without length.
            if segment.count == 1, let point = segment.first { path.line(x(series.middle(point)), y(point.mean)) }
        }
        return path.data
    }

    /// Hatched stretches with their reason on hover.
    func gaps(_ series: Series, clock: LocalTime) -> [HTML] {
        series.gaps.filter { $0.to > from && $0.from < to }.map { gap in
            let (left, right) = (x(gap.from), x(gap.to))
            let width = max(1, right - left)
            let title = "\(gap.words), \(clock.short(gap.from, now: to)) to \(clock.short(gap.to, now: to))"
            return """
                <rect x="\(SVGPath.number(left))" y="\(SVGPath.number(top))" width="\(SVGPath.number(width))" \
                height="\(SVGPath.number(height))" fill="url(#hatch)"><title>\(title)</title></rect>
                """
        }
    }
}
