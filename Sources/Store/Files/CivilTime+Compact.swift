import Site

extension CivilTime {
    /// Wall milliseconds in UTC as `20261121T023520Z`, for file names and sentences.
    static func compact(_ wall: Int64) -> String {
        let time = CivilTime(seconds: wall.dividedFloored(by: 1_000).quotient)
        let date = [time.month, time.day].map(padded).joined()
        return "\(time.year)\(date)T\([time.hour, time.minute, time.second].map(padded).joined())Z"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
