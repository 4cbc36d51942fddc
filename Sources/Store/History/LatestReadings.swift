import Site

/// The newest reading of each series, kept in the order in which the series were first seen: whoever asks for all of them,
/// as every scrape does, gets them without sorting.
struct LatestReadings: Sendable {
    private(set) var readings: [Reading] = []
    /// Of each reading: its series, and where that stands among all series.
    private var keys: [(id: SeriesID, order: Int64)] = []
    private var places: [SeriesID: Int] = [:]

    var isEmpty: Bool { readings.isEmpty }

    mutating func note(_ reading: Reading, of id: SeriesID, order: Int64) {
        if let place = places[id] {
            readings[place] = reading
            return
        }
        let place = keys.firstIndex { $0.order > order } ?? keys.count
        keys.insert((id, order), at: place)
        readings.insert(reading, at: place)
        for index in place..<keys.count { places[keys[index].id] = index }
    }

    mutating func correct(_ correction: ClockCorrection) {
        for index in readings.indices { readings[index] = correction.corrected(readings[index]) }
    }

    /// A file that was opened later may know the series in another order.
    mutating func sort(by order: (SeriesID) -> Int64) {
        let old = self
        self = LatestReadings()
        for (key, reading) in zip(old.keys, old.readings) { note(reading, of: key.id, order: order(key.id)) }
    }
}
