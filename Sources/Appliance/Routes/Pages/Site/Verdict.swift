import Site
import Store

/// The first line of the Site page: is the site alive, in words.
struct Verdict: Hashable, Sendable {
    var level: Tile.State.Level
    var sentence: String
    /// Values worth a place behind the sentence; the page keeps them live.
    var highlights: [Highlight] = []
    /// Sentences about things other than sensors, worst first.
    var notices: [String] = []

    struct Highlight: Hashable, Sendable {
        /// `Enclosure`.
        var name: String
        var fact: Tile.Fact
    }

    /// What the verdict needs of one sensor of the site file.
    struct Sensor: Hashable, Sendable {
        enum Answer: Hashable, Sendable {
            case answers
            case missing(String)
            /// Not read yet since the start.
            case waiting
        }
        var name: String
        var answer: Answer
    }

    /// - Parameters:
    ///   - highlights: for when all is well.
    ///   - isUnreadable: true when the readings could not be read at all.
    ///   - silence: milliseconds since the newest reading, when that is longer than it should be.
    ///   - storage: how the store stands.
    init(
        sensors: [Sensor], highlights: [Highlight], notices: [Tile.State.Level: [String]], silence: Int64?,
        storage: StoreCondition = StoreCondition(), isUnreadable: Bool = false
    ) {
        var notices = notices
        let missing = sensors.compactMap { sensor -> String? in
            if case .missing(let why) = sensor.answer { "\(sensor.name) (\(why))" } else { nil }
        }
        let waiting = sensors.filter { $0.answer == .waiting }.count
        var worst = notices.keys.max() ?? .ok
        if isUnreadable {
            sentence = "The state of the site is not known: its readings cannot be read."
            level = .failed
            self.notices = Self.listed(notices, storage)
            return
        }
        if let silence {
            sentence = "No new readings for \(Elapsed.age(milliseconds: silence)). What is shown here is old."
            level = .failed
            self.notices = Self.listed(notices, storage)
            return
        }
        switch (sensors.count, missing.count) {
        case (0, _): sentence = "The board is read; the site file names no sensors."
        case (let count, 0) where waiting == count:
            sentence = "Waiting for the first readings of \(Self.sensors(count))."
            worst = max(worst, .off)
        case (let count, 0) where waiting > 0:
            sentence = "\(count - waiting) of \(Self.sensors(count)) answer; \(waiting) not read yet."
        case (1, 0): sentence = "The sensor answers."
        case (let count, 0): sentence = "All \(Self.sensors(count)) answer."
        case (let count, let failed):
            worst = .failed
            let verb = failed == 1 ? "does not answer" : "do not answer"
            let listed = missing.prefix(3).joined(separator: ", ")
            let rest = failed > 3 ? " and \(failed - 3) more" : ""
            sentence = "\(failed) of \(Self.sensors(count)) \(verb): \(listed)\(rest)."
        }
        level = worst
        if missing.isEmpty {
            // A red mark is never left without its cause.
            if worst == .failed, let cause = notices[.failed]?.removeFirst() {
                sentence += " " + cause
            } else if waiting < max(sensors.count, 1) {
                self.highlights = highlights
            }
        }
        // Whatever answers now is gone with the next loss of power.
        if let impairment = storage.impairment {
            sentence = impairment + " " + sentence
            level = .failed
        }
        self.notices = Self.listed(notices, storage)
    }

    private static func listed(_ notices: [Tile.State.Level: [String]], _ storage: StoreCondition) -> [String] {
        self.notices(storage) + notices.sorted { $0.key > $1.key }.flatMap(\.value)
    }

    /// Why something cannot be stored, and for how long; history first.
    private static func notices(_ storage: StoreCondition) -> [String] {
        let waiting =
            storage.troubles[.history] == nil
            ? [] : ["The readings of the last \(Elapsed.words(seconds: storage.unwritten / 1000)) wait in memory."]
        return DatabaseKind.allCases.compactMap { storage.troubles[$0]?.description } + waiting
    }

    private static func sensors(_ count: Int) -> String { count == 1 ? "1\u{A0}sensor" : "\(count)\u{A0}sensors" }
}

extension StoreCondition {
    /// What cannot be stored, in a sentence; log lines of the site's devices are another matter.
    var impairment: String? {
        switch (troubles[.history] != nil, troubles[.journal] != nil) {
        case (true, true): "Nothing can be stored."
        case (true, false): "No readings can be stored."
        case (false, true): "No events can be stored."
        case (false, false): nil
        }
    }
}
